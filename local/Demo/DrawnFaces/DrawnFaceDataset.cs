using System.IO.Compression;
using System.Text;
using KeypointPipeline.Files;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>What to write into a drawn dataset.</summary>
/// <param name="Rows">Good rows, at least 3.</param>
/// <param name="Seed">Which faces; the same seed gives the same file, byte for byte.</param>
/// <param name="WithBadRows">Also put in two rows that a reader must refuse: one with pixels missing, one with text for a
/// number.</param>
public sealed record DrawnFaceDatasetOptions(int Rows, ulong Seed, bool WithBadRows);

/// <summary>What was written into a drawn dataset.</summary>
/// <param name="Complete">Rows with all 15 keypoints.</param>
/// <param name="FourKeypoints">Rows with only the eye centres, the nose tip and the bottom lip.</param>
/// <param name="OtherGaps">Rows with some other keypoints missing.</param>
/// <param name="Bad">Rows that a reader must refuse.</param>
public sealed record DrawnFaceDatasetSummary(int Complete, int FourKeypoints, int OtherGaps, int Bad);

/// <summary>Writes drawn faces as Kaggle's facial-keypoints <c>training.zip</c>: one <c>training.csv</c> with 30 coordinate
/// columns and 96×96 grey values, and the missing labels of the original.</summary>
public static class DrawnFaceDataset
{
    /// <summary>Side of the square pictures, pixels.</summary>
    public const int Side = 96;

    private const int RowsAtATime = 64;

    /// <summary>Writes the file row by row; readers see the old file or the whole new one.</summary>
    /// <param name="path">The zip to write; an existing one is replaced.</param>
    /// <param name="options">What to write.</param>
    /// <param name="progress">Told the number of good rows written so far.</param>
    /// <param name="cancellationToken">Stops the writing; no file is left.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 3 rows are asked for.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static async Task<DrawnFaceDatasetSummary> WriteAsync(
        string path, DrawnFaceDatasetOptions options, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Rows, 3, nameof(options));
        await using WholeFile file = WholeFile.Create(path);
        DrawnFaceDatasetSummary summary = await WriteZipAsync(file.Stream, options, progress, cancellationToken);
        file.Commit();
        return summary;
    }

    private static async Task<DrawnFaceDatasetSummary> WriteZipAsync(
        Stream file, DrawnFaceDatasetOptions options, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        await using var archive = await ZipArchive.CreateAsync(
            file, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        ZipArchiveEntry entry = archive.CreateEntry("training.csv", CompressionLevel.Fastest);
        entry.LastWriteTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await using Stream csv = await entry.OpenAsync(cancellationToken);
        await csv.WriteAsync(Encoding.ASCII.GetBytes(DrawnFaceRow.Header + "\n"), cancellationToken);

        int[] counts = new int[Enum.GetValues<KnownKeypoints>().Length];
        int bad = 0;
        for (int first = 0; first < options.Rows; first += RowsAtATime)
        {
            var rows = new DrawnFaceRow[Math.Min(RowsAtATime, options.Rows - first)];
            await Parallel.ForAsync(0, rows.Length, cancellationToken, (i, _) =>
            {
                rows[i] = DrawnFaceRow.Draw(options.Seed, first + i, Side);
                return ValueTask.CompletedTask;
            });

            for (int i = 0; i < rows.Length; i++)
            {
                counts[(int)rows[i].Known]++;
                await csv.WriteAsync(rows[i].ToCsv(), cancellationToken);
                byte[]? refused = options.WithBadRows ? BadRowAfter(first + i, options.Rows, rows[i]) : null;
                if (refused is null)
                    continue;
                await csv.WriteAsync(refused, cancellationToken);
                bad++;
            }

            progress?.Report(first + rows.Length);
        }

        return new DrawnFaceDatasetSummary(
            counts[(int)KnownKeypoints.All], counts[(int)KnownKeypoints.Four], counts[(int)KnownKeypoints.Some], bad);
    }

    private static byte[]? BadRowAfter(int number, int rows, DrawnFaceRow row) =>
        number == rows / 3 ? row.WithPixelsMissing()
        : number == rows * 2 / 3 ? row.WithTextForNumber()
        : null;
}
