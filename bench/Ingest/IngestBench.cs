using System.CommandLine;
using System.Diagnostics;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Ingest;

/// <summary>Measures how long preparing a file of Kaggle's size takes, and compares it with other readers and with only reading or
/// inflating the file. Measures pictures that labels name against decoding them, and the memory that a million labels take.</summary>
internal sealed class IngestBench : IBench
{
    private const int Repetitions = 7;
    private const string Prepared = "prepared";
    private const int MemoryRows = 10 * KaggleShapedFiles.KaggleRows;
    private const int LabelRowsRead = 1_000_000;
    private const int Pictures = 100_000;
    private const int PictureRepetitions = 5;

    /// <summary>The formats of long label files: the name, and what writes a file into a folder.</summary>
    internal static IReadOnlyList<(string Format, Func<string, int, CancellationToken, Task> WriteAsync)> LongLabels { get; } =
        [("table with a picture column (CSV)", LabelRows.WriteTableAsync), ("COCO keypoints (JSON)", LabelRows.WriteCocoAsync)];

    public Command CreateCommand()
    {
        Option<bool> json = BenchOptions.Json();
        var command = new Command(
            "ingest",
            "Prepare a generated file of Kaggle's size (7,049 rows), a million labels, and 100,000 pictures that labels name\n\n"
            + "Compares with other readers and the machine's limits. Needs about 2 GB of disk and ten minutes.")
        {
            json,
        };
        command.SetAction(async (parsed, cancellationToken) => (await RunAsync(cancellationToken)).Print(parsed.GetValue(json)));
        return command;
    }

    private static async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = BenchFolder.Create();

        // First, so that nothing else has raised the process's peak. Each peak includes the ones before it.
        var source = new DatasetSource("large.csv", cancellationToken => Task.FromResult(KaggleShapedFiles.Open(MemoryRows, cancellationToken)));
        await PrepareAsync(source, folder.Path, MemoryRows, cancellationToken);
        var peaks = new List<(string What, double Megabytes)> { ($"{MemoryRows:N0} rows with pixels", PeakMegabytes()) };
        foreach ((string format, Func<string, int, CancellationToken, Task> writeAsync) in LongLabels)
            peaks.Add(($"{LabelRowsRead:N0} rows of labels, {format}", await MeasureLabelsAsync(format, writeAsync, cancellationToken)));

        (BenchRow[] pictures, double picturePeak) = await MeasurePicturesAsync(folder.Path, cancellationToken);
        peaks.Add(($"{Pictures:N0} pictures that labels name, beyond that of writing their zip", picturePeak));
        (string csv, string zip) = await KaggleShapedFiles.WriteAsync(folder.Path, KaggleShapedFiles.KaggleRows, cancellationToken);
        return await MeasureAsync(csv, zip, folder.Path, pictures, peaks, cancellationToken);
    }

    private static async Task<double> MeasureLabelsAsync(
        string format, Func<string, int, CancellationToken, Task> writeAsync, CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = BenchFolder.Create();
        await writeAsync(folder.Path, LabelRowsRead, cancellationToken);
        int rows = await LabelRows.ReadTwiceAsync(folder.Path, format, cancellationToken);
        return rows == LabelRowsRead ? PeakMegabytes() : throw new InvalidDataException($"{format}: {rows:N0} of {LabelRowsRead:N0} rows were read.");
    }

    /// <summary>Prepares and decodes in turns, so that a change of the machine's speed meets both. The first turn does not count: .NET
    /// compiles.</summary>
    private static async Task<(BenchRow[] Rows, double Peak)> MeasurePicturesAsync(string folder, CancellationToken cancellationToken)
    {
        string zip = Path.Combine(folder, "pictures.zip");
        await SmallPictures.WriteAsync(zip, Pictures, cancellationToken);
        double[][] seconds = [new double[PictureRepetitions], new double[PictureRepetitions]];
        double before = PeakMegabytes();
        double peak = 0;
        for (int i = -1; i < PictureRepetitions; i++)
        {
            DeletePrepared(folder);
            long start = Stopwatch.GetTimestamp();
            await PrepareAsync(DatasetSource.FromFile(zip), folder, Pictures, cancellationToken);
            double prepared = Stopwatch.GetElapsedTime(start).TotalSeconds;
            peak = PeakMegabytes() - before;
            start = Stopwatch.GetTimestamp();
            await SmallPictures.DecodeAsync(zip, cancellationToken);
            if (i >= 0)
                (seconds[0][i], seconds[1][i]) = (prepared, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        File.Delete(zip);
        string what = $"{Pictures:N0} pictures of {SmallPictures.Side} px in a zip";
        return ([BenchRow.Of($"{what}, prepared", "s", seconds[0]), BenchRow.Of($"{what}, decoded", "s", seconds[1])], peak);
    }

    private static async Task<BenchReport> MeasureAsync(
        string csv,
        string zip,
        string folder,
        BenchRow[] pictures,
        IReadOnlyList<(string What, double Megabytes)> peaks,
        CancellationToken cancellationToken)
    {
        string prepared = Path.Combine(folder, Prepared, PreparedDatasetFiles.Images);
        string parsed = Path.Combine(folder, OtherReaders.Pixels);
        (string What, string? Pixels, Func<Task> Run)[] all =
        [
            ("CSV, prepared", prepared, () => PrepareAsync(DatasetSource.FromFile(csv), folder, KaggleShapedFiles.KaggleRows, cancellationToken)),
            ("CSV, bytes read and added up", null, () => Do(() => OtherReaders.SumBytes(csv))),
            ("CSV, CsvHelper and byte.Parse", parsed, () => Do(() => OtherReaders.CsvHelper(csv, folder))),
            ("CSV, string.Split and byte.Parse", parsed, () => Do(() => OtherReaders.StringSplit(csv, folder))),
            ("zip, prepared", prepared, () => PrepareAsync(DatasetSource.FromFile(zip), folder, KaggleShapedFiles.KaggleRows, cancellationToken)),
            ("zip, inflated", null, () => Do(() => OtherReaders.Inflate(zip))),
        ];
        double[][] seconds = [.. all.Select(_ => new double[Repetitions])];
        var sums = new HashSet<long>();
        for (int i = -1; i < Repetitions; i++)
        {
            for (int j = 0; j < all.Length; j++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                DeletePrepared(folder);
                long start = Stopwatch.GetTimestamp();
                await all[j].Run();
                if (i >= 0)
                    seconds[j][i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                else if (all[j].Pixels is string pixels && sums.Add(OtherReaders.SumBytes(pixels)) && sums.Count > 1)
                    throw new InvalidDataException($"{all[j].What}: the pixels differ from those of the readers before.");
            }
        }

        BenchRow[] rows = [.. all.Select((reader, j) => BenchRow.Of(reader.What, "s", seconds[j]))];
        return new BenchReport(
            "ingest",
            $"{Machine.Describe()}; CSV of {new FileInfo(csv).Length / 1e6:0} MB, zip of {new FileInfo(zip).Length / 1e6:0} MB",
            [.. rows, .. pictures, .. peaks.Select(peak => new BenchRow($"peak memory, {peak.What}", peak.Megabytes, peak.Megabytes, peak.Megabytes, "MB"))],
            [
                new BenchBar("times as fast as CsvHelper and byte.Parse", rows[2].Median / rows[0].Median, 10, IsFloor: true),
                new BenchBar("CSV by reading it and adding up its bytes", rows[0].Median / rows[1].Median, 3),
                new BenchBar("zip by inflating it", rows[4].Median / rows[5].Median, 1.3),
                new BenchBar("pictures by decoding them", pictures[0].Median / pictures[1].Median, 1.5),
                .. peaks.Select(peak => new BenchBar($"peak memory in MB, {peak.What}", peak.Megabytes, 200)),
            ]);
    }

    private static async Task PrepareAsync(DatasetSource source, string folder, int rows, CancellationToken cancellationToken)
    {
        PreparationOutcome outcome = await new DatasetPreparation(TimeProvider.System).PrepareAsync(
            source, new PreparedFolder(Path.Combine(folder, Prepared)), new DatasetOptions(), progress: null, cancellationToken);
        if (outcome.Manifest?.Rows != rows)
            throw new InvalidDataException($"Not all of {rows:N0} rows were prepared: {outcome.Report.Rejection ?? $"{outcome.Report.RowsAccepted:N0}"}.");
    }

    /// <summary>A first preparation finds no earlier dataset. Writing over one makes the file system write it to disk at once.</summary>
    private static void DeletePrepared(string folder)
    {
        if (Directory.Exists(Path.Combine(folder, Prepared)))
            Directory.Delete(Path.Combine(folder, Prepared), recursive: true);
    }

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e6;
    }
}
