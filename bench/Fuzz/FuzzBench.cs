using System.CommandLine;
using System.Globalization;
using KeypointPipeline.Bench.Fuzz.Datasets;
using KeypointPipeline.Bench.Fuzz.Images;
using KeypointPipeline.Bench.Fuzz.Lanes;
using KeypointPipeline.Local.Commands;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Bench.Fuzz;

/// <summary>Damaged files through the product's own doors: nothing but an answer with a reason may come back, in time and in bounded
/// memory.</summary>
internal sealed class FuzzBench : IBench
{
    public const string CommandName = "fuzz";
    public const string LaneOption = "--lane";

    public Command CreateCommand()
    {
        var csv = new Option<long>("--csv") { Description = "Damaged labelled files (.csv, .csv.gz, .zip)", DefaultValueFactory = _ => 1_000_000 };
        var images = new Option<long>("--images") { Description = "Damaged images (JPEG, PNG, WebP, BMP, zips of them)", DefaultValueFactory = _ => 100_000 };
        var seed = new Option<int>("--seed") { Description = "Another seed makes other files", DefaultValueFactory = _ => 1 };
        var replay = new Option<string?>("--replay") { Description = "Feed one input again, such as images:4711, and say what comes of it" };
        var lane = new Option<string?>(LaneOption) { Hidden = true };
        Option<bool> json = BenchOptions.Json();
        var command = new Command(
            CommandName,
            "Feed damaged files to the readers of datasets and images: about 4 minutes\n\n"
            + "An input that crashes, hangs or breaks a promise is kept in ./fuzz-failures with the command that feeds it again.")
        {
            csv, images, seed, replay, lane, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(lane) is string options)
                await Lane.RunAsync(PipelineJson.Read<LaneOptions>(options), Console.Out, cancellationToken);
            else if (parsed.GetValue(replay) is string again)
                await ReplayAsync(again, parsed.GetValue(seed), cancellationToken);
            else
                await RunAsync(parsed.GetValue(csv), parsed.GetValue(images), parsed.GetValue(seed), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task RunAsync(long csv, long images, int seed, bool asJson, CancellationToken cancellationToken)
    {
        var rows = new List<BenchRow>();
        var bars = new List<BenchBar>();
        var failures = new FailureFolder(FailureFolder.Default, seed);
        foreach ((string name, long count) in ((string, long)[])[(DatasetTarget.TargetName, csv), (ImageTarget.TargetName, images)])
        {
            using IFuzzTarget target = FuzzTargets.Open(name);
            var run = new FuzzRun(name, seed, count, failures);
            await ConsoleProgress.RunAsync($"{name}, {count:N0} inputs", report => run.RunAsync(report, cancellationToken));
            rows.AddRange(FuzzReport.Rows(name, run.Tally, run.Took));
            bars.AddRange(FuzzReport.Bars(target, run.Tally, count, run.Failures));
            if (!asJson)
                Console.WriteLine($"{name}, refused most often because:\n{string.Join('\n', FuzzReport.Reasons(run.Tally))}");
        }

        new BenchReport(CommandName, $"{Machine.Describe()}; seed {seed}", rows, bars).Print(asJson);
    }

    private static async Task ReplayAsync(string which, int seed, CancellationToken cancellationToken)
    {
        string[] parts = which.Split(':');
        if (parts.Length != 2 || !long.TryParse(parts[1], CultureInfo.InvariantCulture, out long number))
            throw new ArgumentException($"--replay takes a name and a number, such as {ImageTarget.TargetName}:4711, not '{which}'.");
        using IFuzzTarget target = FuzzTargets.Open(parts[0]);
        FuzzInput input = target.Create(seed, number);
        Console.WriteLine($"{input.Name}, {input.Content.Length:N0} bytes: {input.Recipe}");
        FuzzVerdict verdict = await target.FeedAsync(input, inPieces: false, cancellationToken);
        FuzzVerdict inPieces = await target.FeedAsync(input, inPieces: true, cancellationToken);
        Console.WriteLine(verdict.Fault ?? verdict.Reason ?? "accepted");
        Console.WriteLine(inPieces.Digest == verdict.Digest ? "the same in pieces" : $"in pieces: {inPieces.Fault ?? inPieces.Reason ?? "accepted"}");
    }
}
