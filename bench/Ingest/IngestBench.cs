using System.CommandLine;
using System.Diagnostics;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Ingest;

/// <summary>Measures how long preparing a file of Kaggle's size takes, and compares it with other readers and with only reading or
/// inflating the file.</summary>
internal sealed class IngestBench : IBench
{
    private const int Repetitions = 7;
    private const string Prepared = "prepared";
    private const int MemoryRows = 10 * KaggleShapedFiles.KaggleRows;

    public Command CreateCommand()
    {
        Option<bool> json = BenchOptions.Json();
        var command = new Command(
            "ingest", "Prepare a generated file of Kaggle's size (7,049 rows)\n\nCompares with other readers and the machine's limits. Needs about 0.5 GB of disk and two minutes.")
        {
            json,
        };
        command.SetAction(async (parsed, cancellationToken) => (await RunAsync(cancellationToken)).Print(parsed.GetValue(json)));
        return command;
    }

    private static async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = BenchFolder.Create();

        // First, so that nothing else has raised the process's peak.
        var source = new DatasetSource("large.csv", cancellationToken => Task.FromResult(KaggleShapedFiles.Open(MemoryRows, cancellationToken)));
        await PrepareAsync(source, folder.Path, MemoryRows, cancellationToken);
        double peak = PeakMegabytes();

        (string csv, string zip) = await KaggleShapedFiles.WriteAsync(folder.Path, KaggleShapedFiles.KaggleRows, cancellationToken);
        return await MeasureAsync(csv, zip, folder.Path, peak, cancellationToken);
    }

    private static async Task<BenchReport> MeasureAsync(
        string csv, string zip, string folder, double peak, CancellationToken cancellationToken)
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
            [.. rows, new BenchRow($"peak memory, {MemoryRows:N0} rows", peak, peak, peak, "MB")],
            [
                new BenchBar("times as fast as CsvHelper and byte.Parse", rows[2].Median / rows[0].Median, 10, IsFloor: true),
                new BenchBar("CSV by reading it and adding up its bytes", rows[0].Median / rows[1].Median, 3),
                new BenchBar("zip by inflating it", rows[4].Median / rows[5].Median, 1.3),
                new BenchBar("peak memory, MB", peak, 200),
            ]);
    }

    private static async Task PrepareAsync(DatasetSource source, string folder, int rows, CancellationToken cancellationToken)
    {
        PreparationOutcome outcome = await new DatasetPreparation(TimeProvider.System).PrepareAsync(
            source, new PreparedFolder(Path.Combine(folder, Prepared)), new DatasetOptions(), progress: null, cancellationToken);
        if (outcome.Manifest?.Rows != rows)
            throw new InvalidDataException($"Not all of {rows:N0} rows were prepared: {outcome.Report.Rejection ?? $"{outcome.Report.RowsAccepted:N0}"}.");
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
