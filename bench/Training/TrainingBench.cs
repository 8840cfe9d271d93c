using System.CommandLine;
using System.Diagnostics;
using KeypointPipeline.TrainerJob.Devices;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.Training;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Training;

/// <summary>Compares training steps with the same convolutions alone, and measures what preparing a batch costs and memory over many
/// epochs.</summary>
internal sealed class TrainingBench : IBench
{
    private const int Repetitions = 7;
    private const int Steps = 16;
    private const int MemoryEpochs = 200;
    private const int MemoryRows = 256;

    /// <summary>Epochs until the allocator has all the blocks it needs, and number of epochs in each median of memory.</summary>
    private const int MemoryWindow = 20;

    public Command CreateCommand()
    {
        var network = new Option<string>("--network") { Description = "The network", DefaultValueFactory = _ => new TrainingSettings().Network };
        Option<bool> json = BenchOptions.Json();
        var command = new Command(
            "training",
            "Compare training steps with the same convolutions back to back\n\nAlso measures what preparing a batch costs, and memory over 200 epochs.\n\n"
            + $"{TrainerVariables.Device} and {TrainerVariables.Precision} choose device and precision, as in a training.")
        {
            network, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(network);
            (await TorchThread.RunAsync(() => Run(name, cancellationToken))).Print(parsed.GetValue(json));
        });
        return command;
    }

    private static BenchReport Run(string network, CancellationToken cancellationToken)
    {
        Device device = TrainingDevice.Choose(Environment.GetEnvironmentVariable(TrainerVariables.Device));
        ScalarType precision = TrainingPrecision.Choose(Environment.GetEnvironmentVariable(TrainerVariables.Precision), device.type);
        var speed = new StepTimes(network, device, precision);
        speed.Measure(Repetitions, Steps, cancellationToken);
        double share = BenchRow.MedianOf(speed.Preparing) / BenchRow.MedianOf(speed.Whole);
        (IReadOnlyList<double> early, IReadOnlyList<double> late) = Memory(network, device, precision, cancellationToken);
        return new BenchReport(
            "training",
            $"{Machine.Describe()}; {network} on {device} in {precision}",
            [
                BenchRow.Of("images per second", "", [.. speed.Whole.Select(seconds => speed.Images / seconds)]),
                BenchRow.Of("a step", "ms", Milliseconds(speed.Whole)),
                BenchRow.Of("its convolutions alone", "ms", Milliseconds(speed.Convolutions)),
                BenchRow.Of("choosing and augmenting its batch", "ms", Milliseconds(speed.Preparing)),
                BenchRow.Of("a step by its convolutions", "", [.. speed.Whole.Zip(speed.Convolutions, (whole, bare) => whole / bare)]),
                BenchRow.Of("convolutions, billion operations per second", "", [.. speed.Convolutions.Select(seconds => speed.Operations / seconds / 1e9)]),
                BenchRow.Of($"resident after epochs {MemoryWindow + 1} to {2 * MemoryWindow}", "MB", early),
                BenchRow.Of($"resident after the last {MemoryWindow} of {MemoryEpochs} epochs", "MB", late),
            ],
            [
                new BenchBar("share of a step for choosing and augmenting its batch", share, 0.1),
                new BenchBar("growth of resident memory, MB", BenchRow.MedianOf(late) - BenchRow.MedianOf(early), 8),
            ]);
    }

    private static (IReadOnlyList<double> Early, IReadOnlyList<double> Late) Memory(
        string network, Device device, ScalarType precision, CancellationToken cancellationToken)
    {
        using TrainingData training = DrawnRows.Draw(MemoryRows, device);
        using TrainingData validation = DrawnRows.Draw(MemoryRows / 4, device);
        using var session = new TrainingSession(
            new TrainingSettings(MemoryEpochs, Network: network), training, validation, recipe: null, precision);
        var resident = new List<double>();
        using var process = Process.GetCurrentProcess();
        while (!session.IsDone)
        {
            session.RunEpoch(cancellationToken);
            process.Refresh();
            resident.Add(process.WorkingSet64 / 1e6);
        }

        return (resident[MemoryWindow..(2 * MemoryWindow)], resident[^MemoryWindow..]);
    }

    private static IReadOnlyList<double> Milliseconds(IEnumerable<double> seconds) => [.. seconds.Select(second => second * 1e3)];
}
