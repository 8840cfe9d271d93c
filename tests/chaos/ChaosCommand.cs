using System.CommandLine;
using KeypointPipeline.Bench;
using KeypointPipeline.Training;

namespace KeypointPipeline.Chaos.Tests;

/// <summary><c>./keypoints test chaos</c>: runs the whole pipeline in real processes and kills or stops each of them again and again, at
/// random moments.</summary>
internal static class ChaosCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "chaos";

    private const int Rows = 100;
    private const int Images = 499;
    private const int Zipped = 100;

    /// <summary>Long enough for a step or two of work, short enough for faults in each phase.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    private static readonly TrainingSettings Training = new(Epochs: 6, Network: "ml-resnet-small");

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Number of faults", DefaultValueFactory = _ => 200 };
        var seed = new Option<int>("--seed") { Description = "Chooses the faults and their moments", DefaultValueFactory = _ => 1 };
        Option<bool> json = BenchOptions.Json();
        var command = new Command(
            Name,
            "Kill host, trainer and storage server (kill -9) and stop the host (SIGTERM) at random moments, from drop to results\n\n"
            + "The results must equal those of an undisturbed run. Takes about 20 minutes. Data folders with other results are kept.")
        {
            rounds, seed, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            BenchReport report = await RunAsync(parsed.GetValue(rounds), parsed.GetValue(seed), cancellationToken);
            report.Print(parsed.GetValue(json));
            return report.Holds ? 0 : 1;
        });
        return command;
    }

    private static async Task<BenchReport> RunAsync(int rounds, int seed, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("keypoints-chaos-").FullName;
        ChaosInputs inputs = await ChaosInputs.DrawAsync(Path.Combine(folder, "drops"), Rows, Images, Zipped, cancellationToken);
        var trial = new ChaosTrial(folder, inputs, Training, LongestPause);
        ChaosTally tally = await trial.RunAsync(rounds, seed, new ProgressLine(rounds), cancellationToken);
        foreach (string wrong in tally.Wrong)
            Console.Error.WriteLine(wrong);
        if (tally.Wrong.Count == 0)
            Directory.Delete(folder, recursive: true);
        else
            Console.Error.WriteLine($"The data folders are kept in {folder}");

        return new BenchReport(
            Name,
            $"{Machine.Describe()}; seed {seed}",
            [
                .. Enum.GetValues<ChaosFault>().Select(kind => Count(Describe(kind), tally.Struck.Count(fault => fault == kind))),
                Count("data folders with faults", tally.Seconds.Count - 1),
                Count("blobs compared in each", tally.Undisturbed.Blobs.Count),
                Count("workflow instances compared in each", tally.Undisturbed.Instances.Count),
                BenchRow.Of("a data folder undisturbed", "s", [tally.Seconds[0]]),
                BenchRow.Of("a data folder with faults", "s", [.. tally.Seconds.Skip(1).DefaultIfEmpty(double.NaN)]),
            ],
            [
                new BenchBar("faults", tally.Struck.Count, rounds, IsFloor: true),
                new BenchBar("outcomes, blobs, journals, pointers or stops that were wrong", tally.Wrong.Count, 0),
            ]);
    }

    private static string Describe(ChaosFault fault) => fault switch
    {
        ChaosFault.KillHost => "kill -9 of the host",
        ChaosFault.KillTrainer => "kill -9 of the trainer",
        ChaosFault.KillStorage => "kill -9 of the storage server",
        _ => "SIGTERM of the host",
    };

    private static BenchRow Count(string what, int count) => new(what, count, count, count, "");

    /// <summary>Writes to standard error, because standard output may be JSON.</summary>
    private sealed class ProgressLine(int rounds) : IProgress<ChaosTally>
    {
        public void Report(ChaosTally value) => Console.Error.WriteLine(
            $"{value.Struck.Count} of {rounds} faults; the last data folder took {value.Seconds[^1]:0} s; {value.Wrong.Count} wrong so far");
    }
}
