using System.IO.Compression;
using System.Text;
using KeypointPipeline.Files;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Options of a drawn dataset.</summary>
/// <param name="Rows">Number of good rows, at least 3.</param>
/// <param name="Seed">Seed of the faces. The same seed gives the same file, byte for byte.</param>
/// <param name="WithBadRows">Whether to add two rows that a reader must reject: one with missing pixels, one with text in place of a
/// number.</param>
public sealed record DrawnFaceDatasetOptions(int Rows, ulong Seed, bool WithBadRows);

/// <summary>Counts of the rows in a drawn dataset.</summary>
/// <param name="Complete">Rows with all 15 keypoints.</param>
/// <param name="FourKeypoints">Rows with only the eye centres, the nose tip and the bottom lip.</param>
/// <param name="OtherGaps">Rows in which other keypoints are missing.</param>
/// <param name="Bad">Rows that a reader must reject.</param>
public sealed record DrawnFaceDatasetSummary(int Complete, int FourKeypoints, int OtherGaps, int Bad);

/// <summary>Writes drawn faces as Kaggle's facial-keypoints <c>training.zip</c>: a <c>training.csv</c> with 30 coordinate
/// columns and 96×96 grey values. As in the original, many labels are missing.</summary>
public static class DrawnFaceDataset
{
    /// <summary>Side of the square pictures, pixels.</summary>
    public const int Side = 96;

    private const int RowsAtATime = 64;

    /// <summary>Writes the file row by row. Readers see the old file or the complete new one.</summary>
    /// <param name="path">The zip to write. It replaces an existing file.</param>
    /// <param name="options">Options of the dataset.</param>
    /// <param name="progress">Receives the number of good rows written so far.</param>
    /// <param name="cancellationToken">Cancels the writing. No new file remains.</param>
    /// <exception cref="ArgumentOutOfRangeException">The options ask for fewer than 3 rows.</exception>
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
