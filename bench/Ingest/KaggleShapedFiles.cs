using System.IO.Compression;
using System.IO.Pipelines;

namespace KeypointPipeline.Bench.Ingest;

/// <summary>Files and streams of <see cref="KaggleShapedRows"/>.</summary>
internal static class KaggleShapedFiles
{
    /// <summary>Rows of Kaggle's training.csv.</summary>
    public const int KaggleRows = 7_049;

    private const int Seed = 2013;

    /// <summary>Writes a CSV and a zip of it.</summary>
    /// <param name="folder">The folder of <c>training.csv</c> and <c>training.zip</c>.</param>
    /// <param name="rows">Rows below the header.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<(string Csv, string Zip)> WriteAsync(string folder, int rows, CancellationToken cancellationToken)
    {
        string csv = Path.Combine(folder, "training.csv");
        await using (FileStream file = File.Create(csv))
            await WriteRowsAsync(file, rows, cancellationToken);
        string zip = Path.Combine(folder, "training.zip");
        await using ZipArchive archive = await ZipFile.OpenAsync(zip, ZipArchiveMode.Create, cancellationToken);
        await archive.CreateEntryFromFileAsync(csv, Path.GetFileName(csv), CompressionLevel.Optimal, cancellationToken);
        return (csv, zip);
    }

    /// <summary>Opens a CSV of any size as a stream. It is generated while it is read and needs no disk.</summary>
    public static Stream Open(int rows, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        _ = Task.Run(WriteAsync, cancellationToken);
        return pipe.Reader.AsStream();

        async Task WriteAsync()
        {
            try
            {
                await WriteRowsAsync(pipe.Writer.AsStream(leaveOpen: true), rows, cancellationToken);
                await pipe.Writer.CompleteAsync();
            }
            catch (Exception e)
            {
                await pipe.Writer.CompleteAsync(e); // the reader gets the exception
            }
        }
    }

    private static async Task WriteRowsAsync(Stream target, int rows, CancellationToken cancellationToken)
    {
        var source = new KaggleShapedRows(Seed);
        byte[] row = new byte[KaggleShapedRows.LargestRow];
        await target.WriteAsync(KaggleShapedRows.Header, cancellationToken);
        for (int i = 0; i < rows; i++)
            await target.WriteAsync(row.AsMemory(0, source.Write(row)), cancellationToken);
    }
}
