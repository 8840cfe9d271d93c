using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Local.Training;
using KeypointPipeline.Storage;
using KeypointPipeline.TrainerJob.Memory;
using KeypointPipeline.Training;

namespace KeypointPipeline.Bench.Memory;

/// <summary>Compares the estimate of a training's memory with the peak of the trainer's process.</summary>
internal sealed class MemoryBench : IBench
{
    private const double LeastRatio = 0.75;
    private const double MostRatio = 1.6;

    /// <summary>Trainings of different networks, frames and batch sizes. All stay below 4 GB.</summary>
    private static readonly MemoryTrial[] Trials =
    [
        new("pyramid-resnet", 96, 96, 64),
        new("pyramid-resnet", 288, 288, 32),
        new("pyramid-resnet", 832, 747, 8),
        new("ml-resnet", 96, 96, 64),
        new("ml-resnet", 288, 288, 32),
        new("ml-resnet-small", 288, 288, 32),
        new("plain-cnn", 96, 96, 64),
        new("plain-cnn", 192, 192, 32),
    ];

    public Command CreateCommand()
    {
        var network = new Option<string?>("--network") { Description = "Only this network" };
        Option<bool> json = BenchOptions.Json();
        var command = new Command(
            "memory",
            "Compare the estimate of a training's memory with the trainer's peak\n\nTrains two epochs for each of several networks, frames and batch sizes, "
            + $"in a process of its own.\n{TrainerVariables.Precision} chooses the precision, as in a training.")
        {
            network, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string? only = parsed.GetValue(network);
            (await RunAsync([.. Trials.Where(trial => only is null || trial.Network == only)], cancellationToken)).Print(parsed.GetValue(json));
        });
        return command;
    }

    private static async Task<BenchReport> RunAsync(MemoryTrial[] trials, CancellationToken cancellationToken)
    {
        var rows = new List<BenchRow>();
        var bars = new List<BenchBar>();
        foreach (MemoryTrial trial in trials)
        {
            double measured = await MeasureAsync(trial, cancellationToken) / 1e6;
            double estimated = TrainingMemory.Estimate(trial.Shape).Total / 1e6;
            rows.Add(BenchRow.Of($"{trial}: measured", "MB", [measured]));
            rows.Add(BenchRow.Of($"{trial}: estimated", "MB", [estimated]));
            bars.Add(new BenchBar($"{trial}: estimate by measured peak", estimated / measured, MostRatio));
            bars.Add(new BenchBar($"{trial}: estimate by measured peak", estimated / measured, LeastRatio, IsFloor: true));
        }

        return new BenchReport("memory", Machine.Describe(), rows, bars);
    }

    private static async Task<long> MeasureAsync(MemoryTrial trial, CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = BenchFolder.Create();
        string data = folder.File("rows.csv");
        await trial.WriteAsync(data, cancellationToken);
        ProcessStartInfo start = TrainerProgram.Start(
        [
            TrainerCommandLine.Train, "--data", data, TrainerCommandLine.Output, folder.File("out"), "--network", trial.Network,
            "--batch-size", trial.BatchSize.ToString(CultureInfo.InvariantCulture), "--epochs", "2",
        ]);
        start.RedirectStandardOutput = true;
        start.Environment[TrainerVariables.Memory] = MemoryLimit.Any;
        using Process trainer = Process.Start(start)!;
        Task<string> output = trainer.StandardOutput.ReadToEndAsync(cancellationToken);
        long peak = 0;
        while (!trainer.HasExited)
        {
            trainer.Refresh();
            peak = Math.Max(peak, trainer.HasExited ? 0 : trainer.PeakWorkingSet64);
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }

        return trainer.ExitCode == 0 ? peak : throw new InvalidOperationException($"{trial}: the trainer ended with {trainer.ExitCode}. {await output}");
    }

    /// <summary>One training: as many rows as images in a step, and a few more.</summary>
    private sealed record MemoryTrial(string Network, int Width, int Height, int BatchSize)
    {
        public TrainingShape Shape => new(
            Network, new KeypointSchema(DrawnFace.KeypointNames, Width, Height), BatchSize, Rows, ValidationRows: 0, IsBFloat16: true);

        private int Rows => BatchSize + 4;

        /// <summary>Writes rows of noise, with labels missing here and there.</summary>
        public async Task WriteAsync(string path, CancellationToken cancellationToken)
        {
            var random = new Random(Width);
            byte[] image = new byte[Width * Height];
            await using var file = new StreamWriter(path);
            await file.WriteLineAsync($"{string.Join(',', DrawnFace.KeypointNames.SelectMany(name => new[] { $"{name}_x", $"{name}_y" }))},Image");
            for (int row = 0; row < Rows; row++)
            {
                random.NextBytes(image);
                IEnumerable<string> labels = DrawnFace.KeypointNames.Select((_, k) =>
                    row % 3 != 0 && k > 8 ? "," : string.Create(CultureInfo.InvariantCulture, $"{random.Next(Width)},{random.Next(Height)}"));
                await file.WriteLineAsync($"{string.Join(',', labels)},{string.Join(' ', image)}".AsMemory(), cancellationToken);
            }

            await File.WriteAllTextAsync(path + Files.SidecarFile.Ending, $$"""{"frame": "{{Width}}x{{Height}}"}""", cancellationToken);
        }

        public override string ToString() => $"{Network}, {Width}×{Height}, {BatchSize} a step";
    }
}
