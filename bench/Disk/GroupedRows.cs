using System.Globalization;
using System.Text;
using KeypointPipeline.Bench.Ingest;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Disk;

/// <summary>Writes <see cref="KaggleShapedRows"/> with a group column into storage, without a local file.</summary>
internal static class GroupedRows
{
    private const int RowsPerGroup = 10;
    private const int Seed = 2013;
    private const int LongestGroup = 16;

    /// <summary>The name of the first group.</summary>
    public static string FirstGroup { get; } = NameOf(row: 0);

    /// <summary>Writes a dropped file.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="path">Its path.</param>
    /// <param name="rows">Rows below the header.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The file's ETag.</returns>
    public static async Task<string> UploadAsync(PipelineStorage storage, string path, int rows, CancellationToken cancellationToken)
    {
        var source = new KaggleShapedRows(Seed);
        byte[] row = new byte[LongestGroup + KaggleShapedRows.LargestRow];
        await using BlockUploadStream upload = storage.StartUpload(BlobLayout.Datasets, path);
        await upload.WriteAsync("group,"u8.ToArray(), cancellationToken);
        await upload.WriteAsync(KaggleShapedRows.Header, cancellationToken);
        for (int i = 0; i < rows; i++)
        {
            int group = Encoding.ASCII.GetBytes(NameOf(i) + ",", row);
            int written = source.Write(row.AsSpan(group));
            await upload.WriteAsync(row.AsMemory(0, group + written), cancellationToken);
        }

        return (await upload.CommitAsync(cancellationToken)).ToString();
    }

    private static string NameOf(int row) => string.Create(CultureInfo.InvariantCulture, $"person {row / RowsPerGroup}");
}
