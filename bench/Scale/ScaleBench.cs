using System.CommandLine;
using KeypointPipeline.Bench.Scale.Store;

namespace KeypointPipeline.Bench.Scale;

/// <summary>Simulates batches of 100,000 to 100 million images, to see whether memory, histories, steps and requests stay in bounds.</summary>
internal sealed class ScaleBench : IBench
{
    private const int Smallest = 100_000;
    private const int Largest = 1_000_000_000;

    public Command CreateCommand()
    {
        var images = new Option<int>("--images") { Description = "Images of the largest batch", DefaultValueFactory = _ => 1_000_000 };
        images.Validators.Add(result =>
        {
            if (result.GetValue(images) is < Smallest or > Largest)
                result.AddError($"--images must be {Smallest:N0} to {Largest:N0}.");
        });
        Option<bool> json = BenchOptions.Json();
        var command = new Command(
            "scale",
            "Simulate batches of 100,000 images, ten times as many, and so on\n\n"
            + "Runs the real workflows and steps on the embedded engine. A store in this process counts requests in place of the storage server, "
            + "and nothing is predicted. A million images take about a minute.")
        {
            images, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
            (await RunAsync(parsed.GetValue(images), cancellationToken)).Print(parsed.GetValue(json)));
        return command;
    }

    private static async Task<BenchReport> RunAsync(int images, CancellationToken cancellationToken)
    {
        var progress = new LogLines();
        await ScaleRun.RunAsync(Smallest, keepsTables: false, progress, inspect: null, cancellationToken); // compiles the code
        var batches = new List<ScaleFigures>();
        foreach (int size in Sizes(images))
        {
            ScaleFigures figures = await ScaleRun.RunAsync(size, keepsTables: false, progress, inspect: null, cancellationToken);
            progress.Report(figures.ToString());
            batches.Add(figures);
        }

        return Report(batches);
    }

    private static IEnumerable<int> Sizes(int images)
    {
        for (long size = Smallest; size < images; size *= 10)
            yield return (int)size;
        yield return images;
    }

    private static BenchReport Report(List<ScaleFigures> batches)
    {
        ScaleFigures large = batches[^1];
        ScaleFigures smaller = batches[Math.Max(0, batches.Count - 2)];
        return new BenchReport(
            "scale",
            Machine.Describe(),
            [
                .. Rows("", "s", batch => batch.Seconds),
                .. Rows("processor time an image", "µs", batch => batch.MicrosecondsPerImage),
                .. Rows("peak memory", "MB", batch => batch.PeakMegabytes),
                .. Rows("workflows", "", batch => batch.Journal.Instances),
                .. Rows("steps", "", batch => batch.Journal.Steps),
                .. Rows("longest history", "entries", batch => batch.Journal.LongestHistory),
                .. Rows("longest message", "KB", batch => batch.Journal.LongestMessage / 1e3),
                .. Rows("longest step", "s", batch => batch.LongestStepSeconds),
                .. Rows("most requests of a step", "", batch => batch.MostRequestsOfStep),
                .. Rows("report.html", "MB", batch => batch.ReportBytes / 1e6),
                .. Rows("requests per 1,000 images", "", batch => batch.RequestsPerThousand),
                .. Enum.GetValues<StoreOperation>().Where(operation => large.Requests.Of(operation) > 0).Select(operation => BenchRow.Of(
                    $"{large.Images:N0} images, {operation} per 1,000 images", "", [large.Requests.Of(operation) / (large.Images / 1000.0)])),
                .. large.Steps.OrderBy(step => step.Key, StringComparer.Ordinal).Select(step => BenchRow.Of(
                    $"{large.Images:N0} images, longest {step.Key} of {step.Value.Runs:N0}", "s", [step.Value.LongestSeconds])),
                BenchRow.Of($"{large.Images:N0} images, written to storage an image", "bytes", [(double)large.Requests.Received / large.Images]),
                BenchRow.Of($"{large.Images:N0} images, read from storage an image", "bytes", [(double)large.Requests.Sent / large.Images]),
            ],
            [
                new BenchBar($"processor time per image, {large.Images:N0} images by {smaller.Images:N0}", large.MicrosecondsPerImage / smaller.MicrosecondsPerImage, 1.2),
                new BenchBar($"requests per image, {large.Images:N0} images by {smaller.Images:N0}", large.RequestsPerThousand / smaller.RequestsPerThousand, 1.1),
                new BenchBar("MB of peak memory", batches.Max(batch => batch.PeakMegabytes), 1_000),
                new BenchBar("entries of the longest history", batches.Max(batch => batch.Journal.LongestHistory), 1_000),
                new BenchBar("seconds of the longest step", batches.Max(batch => batch.LongestStepSeconds), 600),
                new BenchBar("MB of report.html", batches.Max(batch => batch.ReportBytes) / 1e6, 20),
                new BenchBar("rows of label-next.csv", batches.Max(batch => batch.RankedImages), 10_000),
            ]);

        IEnumerable<BenchRow> Rows(string what, string unit, Func<ScaleFigures, double> figure) => batches.Select(batch => BenchRow.Of(
            what.Length == 0 ? $"{batch.Images:N0} images" : $"{batch.Images:N0} images, {what}", unit, [figure(batch)]));
    }

    /// <summary>Writes lines to standard error, with the time.</summary>
    private sealed class LogLines : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {value}");
    }
}
