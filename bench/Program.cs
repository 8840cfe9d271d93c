using System.Text.Json;
using KeypointPipeline.Bench;
using KeypointPipeline.Serialization;

IBench[] benches = [new WorkflowBench()];
IBench? chosen = Array.Find(benches, bench => args.Length > 0 && bench.Name == args[0]);
if (chosen is null)
{
    Console.Error.WriteLine("Usage: ./keypoints bench NAME [--json]");
    foreach (IBench bench in benches)
        Console.Error.WriteLine($"  {bench.Name,-12}{bench.Description}");
    return 2;
}

BenchReport report = await chosen.RunAsync(CancellationToken.None);
if (args.Contains("--json"))
{
    Console.WriteLine(JsonSerializer.Serialize(report, PipelineJson.Compact));
    return 0;
}

Console.WriteLine($"{report.Bench}, on {report.Machine}");
foreach (BenchRow row in report.Rows)
    Console.WriteLine($"  {row.What,-14} median {row.Median,8:0.000} {row.Unit}   ({row.Fastest:0.000} to {row.Slowest:0.000})");
return 0;
