using System.CommandLine;
using System.Diagnostics;
using KeypointPipeline.Api;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Network;
using KeypointPipeline.Page;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Bench.Page;

/// <summary>Measures what the page asks of a host with many instances and batches: the bytes and the time of its first view, and the
/// slowest answer of any list.</summary>
internal sealed class PageBench : IBench
{
    private const int Repetitions = 5;
    private const double MostKilobytes = 300;
    private const double MostSeconds = 1;
    private const double MostMilliseconds = 200;

    /// <summary>What Home asks for once its files are there.</summary>
    private static readonly string[] Home =
    [
        "/api/models",
        $"{ManagementRoutes.Instances}?top=100&showInput=true&runtimeStatus=Running,Pending",
        $"{ManagementRoutes.Instances}?top=40&showInput=true",
    ];

    /// <summary>What the other views ask for.</summary>
    private static readonly string[] Lists =
    [
        "/api/datasets",
        "/api/health",
        "/api/batches?top=50",
        "/api/batches/batch-00500",
        $"{ManagementRoutes.Instances}?top=50&showInput=true",
        $"{ManagementRoutes.Instances}?top=50&showInput=true&runtimeStatus=Failed",
        $"{ManagementRoutes.Instances}?top=50&showInput=true&instanceIdPrefix=train-",
        $"{ManagementRoutes.Instances}?top=200&showInput=false&instanceIdPrefix=retrain-05000",
        $"{ManagementRoutes.Instances}/retrain-05000",
    ];

    /// <inheritdoc/>
    public Command CreateCommand()
    {
        var instances = new Option<int>("--instances") { Description = "Ended workflow instances", DefaultValueFactory = _ => 10_000 };
        var batches = new Option<int>("--batches") { Description = "Batches with results", DefaultValueFactory = _ => 1_000 };
        Option<bool> json = BenchOptions.Json();
        var command = new Command("page", "Measure the page's first view and its slowest answer with 10,000 instances and 1,000 batches") { instances, batches, json };
        command.SetAction(async (parsed, cancellationToken) =>
            (await RunAsync(parsed.GetValue(instances), parsed.GetValue(batches), cancellationToken)).Print(parsed.GetValue(json)));
        return command;
    }

    private static async Task<BenchReport> RunAsync(int instances, int batches, CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = BenchFolder.Create();
        await using LocalHost host = await LocalHost.StartAsync(
            new LocalHostOptions
            {
                Home = folder.Path,
                Port = 0,
                RetrainSchedule = null,
                Catalog = new WorkflowCatalog().Add(Retrain.Ref, _ => new EndsAtOnce()),
            },
            cancellationToken);
        await FillAsync(host, instances, batches, cancellationToken);
        using HttpClient http = LocalHttp.CreateClient(host.Url);
        string[] files = [.. PageFile.All.Keys.Select(name => ApiRoute.Of<Api.Endpoints.ReadPage>().Path(name))];

        var views = new List<double>();
        double bytes = 0;
        for (int i = 0; i <= Repetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            bytes = 0;
            foreach (string address in (string[])["/", .. files, .. Home])
                bytes += (await http.GetByteArrayAsync(new Uri(address, UriKind.Relative), cancellationToken)).Length;

            // The first round compiles what the host runs.
            if (i > 0)
                views.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        BenchRow first = BenchRow.Of($"first view: {files.Length + 1} files and {Home.Length} answers, one after another", "s", views);
        BenchRow[] answers = await MeasureAsync(http, [.. Home, .. Lists], cancellationToken);
        return new BenchReport(
            "page",
            $"{Machine.Describe()}; {instances:N0} instances, {batches:N0} batches",
            [first, .. answers],
            [
                new BenchBar("kilobytes of the first view", bytes / 1000, MostKilobytes),
                new BenchBar("seconds of the first view", first.Median, MostSeconds),
                new BenchBar("milliseconds of the slowest answer", answers.Max(answer => answer.Median), MostMilliseconds),
            ]);
    }

    private static async Task<BenchRow[]> MeasureAsync(HttpClient http, string[] addresses, CancellationToken cancellationToken)
    {
        var rows = new List<BenchRow>();
        foreach (string address in addresses)
        {
            var times = new List<double>();
            for (int i = 0; i <= Repetitions; i++)
            {
                long start = Stopwatch.GetTimestamp();
                await http.GetByteArrayAsync(new Uri(address, UriKind.Relative), cancellationToken);
                if (i > 0)
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            rows.Add(BenchRow.Of($"GET {address}", "ms", times));
        }

        return [.. rows];
    }

    private static async Task FillAsync(LocalHost host, int instances, int batches, CancellationToken cancellationToken)
    {
        for (int i = 0; i < instances; i++)
            await host.Workflows.StartAsync(Retrain.Ref, new RetrainInput("a measurement", false, null), $"retrain-{i:00000}", cancellationToken);
        var schema = new KeypointSchema(["nose"], 96, 96);
        await Parallel.ForAsync(0, batches, cancellationToken, async (int i, CancellationToken token) =>
        {
            string batch = $"batch-{i:00000}";
            var summary = new BatchSummary(batch, "v1", 1, 1, 0, 0, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 1, schema);
            await host.Storage.Blob(BlobLayout.Results, $"{batch}/{ResultFiles.Summary}")
                .UploadAsync(BinaryData.FromObjectAsJson(summary, PipelineJson.Compact), overwrite: true, token);
        });
        while (await host.Workflows.ListAsync(new WorkflowQuery([WorkflowRuntimeStatus.Pending, WorkflowRuntimeStatus.Running], Top: 1), cancellationToken) is { Count: > 0 })
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
    }

    private sealed class EndsAtOnce : Workflow<RetrainInput, TrainModelOutput>
    {
        public override Task<TrainModelOutput> RunAsync(IWorkflowContext context, RetrainInput input)
        {
            context.SetStatus(new TrainModelProgress("skipped", Reason: "nothing changed"));
            return Task.FromResult(new TrainModelOutput(false, null, false, "nothing changed", null));
        }
    }
}
