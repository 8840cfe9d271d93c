using System.CommandLine;
using KeypointPipeline.Bench;
using KeypointPipeline.Bench.Accuracy;
using KeypointPipeline.Bench.Batch;
using KeypointPipeline.Bench.Chaos;
using KeypointPipeline.Bench.Fuzz;
using KeypointPipeline.Bench.Inference;
using KeypointPipeline.Bench.Ingest;
using KeypointPipeline.Bench.Training;
using KeypointPipeline.Bench.Workflow;

IBench[] benches =
[
    new IngestBench(), new InferenceBench(), new WorkflowBench(), new BatchBench(), new TrainingBench(), new AccuracyBench(),
    new FuzzBench(), new ChaosBench(),
];
var root = new RootCommand("Measures on this machine: ./keypoints bench NAME [options]; ./keypoints bench NAME --help tells them.");
foreach (IBench bench in benches)
    root.Add(bench.CreateCommand());

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or UnauthorizedAccessException)
{
    // What a user can mend: the message says how, a stack trace would not.
    Console.Error.WriteLine($"bench: {e.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}
