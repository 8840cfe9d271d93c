using System.CommandLine;
using System.Globalization;
using KeypointPipeline.Bench;
using KeypointPipeline.Errors;
using KeypointPipeline.Fuzz.Tests.Datasets;
using KeypointPipeline.Fuzz.Tests.Images;
using KeypointPipeline.Fuzz.Tests.Labels;
using KeypointPipeline.Fuzz.Tests.Lanes;
using KeypointPipeline.Local.Commands;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Fuzz.Tests;

/// <summary><c>./keypoints test fuzz</c>: feeds damaged files to the product's readers. A reader must accept a file or refuse it with a reason,
/// in bounded time and memory.</summary>
internal static class FuzzCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "fuzz";

    /// <summary>The hidden option that makes this process a <see cref="Lane"/>.</summary>
    public const string LaneOption = "--lane";

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var csv = new Option<long>("--csv") { Description = "Number of damaged labelled files (.csv, .csv.gz, .zip)", DefaultValueFactory = _ => 1_000_000 };
        var images = new Option<long>("--images") { Description = "Number of damaged images (JPEG, PNG, WebP, BMP, PGM, PPM and zips of them)", DefaultValueFactory = _ => 100_000 };
        var labels = new Option<long>("--labels") { Description = "Number of zips with damaged label files whose pictures are files", DefaultValueFactory = _ => 100_000 };
        var seed = new Option<int>("--seed") { Description = "Chooses the damage", DefaultValueFactory = _ => 1 };
        var replay = new Option<string?>("--replay") { Description = "Feed one input again, such as images:4711, and print the outcome" };
        var lane = new Option<string?>(LaneOption) { Hidden = true };
        Option<bool> json = BenchOptions.Json();
        var command = new Command(
            Name,
            "Feed damaged files to the readers of datasets, labels and images\n\n"
            + "Takes about 15 minutes. An input that crashes a reader, hangs it or breaks a promise is kept in ./fuzz-failures, with the\n"
            + "command that feeds it again.")
        {
            csv, labels, images, seed, replay, lane, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(lane) is string options)
                return await Lane.RunAsync(PipelineJson.Read<LaneOptions>(options), Console.Out, cancellationToken);
            if (parsed.GetValue(replay) is string again)
                return await ReplayAsync(again, parsed.GetValue(seed), cancellationToken);
            (string, long)[] inputs =
                [(DatasetTarget.TargetName, parsed.GetValue(csv)), (LabelInputs.TargetName, parsed.GetValue(labels)), (ImageTarget.TargetName, parsed.GetValue(images))];
            return await RunAsync(inputs, parsed.GetValue(seed), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync((string Name, long Count)[] inputs, int seed, bool asJson, CancellationToken cancellationToken)
    {
        var rows = new List<BenchRow>();
        var bars = new List<BenchBar>();
        var failures = new FailureFolder(FailureFolder.Default, seed);
        foreach ((string name, long count) in inputs)
        {
            using IFuzzTarget target = FuzzTargets.Open(name);
            var run = new FuzzRun(name, seed, count, failures);
            await ConsoleProgress.RunAsync($"{name}, {count:N0} inputs", report => run.RunAsync(report, cancellationToken));
            rows.AddRange(FuzzReport.Rows(name, run.Tally, run.Took));
            bars.AddRange(FuzzReport.Bars(target, run.Tally, count, run.Failures));
            if (!asJson)
                Console.WriteLine($"{name}, most frequent reasons for refusing:\n{string.Join('\n', FuzzReport.Reasons(run.Tally))}");
        }

        var outcome = new BenchReport(Name, $"{Machine.Describe()}; seed {seed}", rows, bars);
        outcome.Print(asJson);
        return outcome.Holds ? 0 : 1;
    }

    private static async Task<int> ReplayAsync(string which, int seed, CancellationToken cancellationToken)
    {
        string[] parts = which.Split(':');
        if (parts.Length != 2 || !long.TryParse(parts[1], CultureInfo.InvariantCulture, out long number))
            throw new UserErrorException($"--replay takes a name and a number, such as {ImageTarget.TargetName}:4711, not '{which}'.");
        using IFuzzTarget target = FuzzTargets.Open(parts[0]);
        FuzzInput input = target.Create(seed, number);
        Console.WriteLine($"{input.Name}, {input.Content.Length:N0} bytes: {input.Recipe}");
        FuzzVerdict verdict = await target.FeedAsync(input, inPieces: false, cancellationToken);
        FuzzVerdict inPieces = await target.FeedAsync(input, inPieces: true, cancellationToken);
        Console.WriteLine(verdict.Fault ?? verdict.Reason ?? "accepted");
        Console.WriteLine(inPieces.Digest == verdict.Digest ? "the same in pieces" : $"in pieces: {inPieces.Fault ?? inPieces.Reason ?? "accepted"}");
        return verdict.Fault is null && inPieces.Digest == verdict.Digest ? 0 : 1;
    }
}
