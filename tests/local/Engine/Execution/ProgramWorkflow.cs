using System.Collections.Concurrent;
using System.Globalization;
using KeypointPipeline.Port;
using KeypointPipeline.WorkflowSuite.Engines;

namespace KeypointPipeline.Local.Tests.Engine.Execution;

/// <summary>Interprets a <see cref="ProgramNode"/> and writes down all it sees, in order. Uses nothing but the port.</summary>
internal sealed class ProgramWorkflow(ProgramTraces traces) : Workflow<ProgramNode, string>
{
    private static readonly StepRetry Retry = new(3, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(3));

    private List<string> _trace = [];
    private int _children;

    public static WorkflowRef<ProgramNode, string> Ref { get; } = new("program");

    public static WorkflowCatalog Catalog(ProgramTraces traces, ConcurrentDictionary<string, int> stepRuns) => new WorkflowCatalog()
        .Add(Ref, _ => new ProgramWorkflow(traces))
        .Step("step", async (input, _) =>
        {
            int run = stepRuns.AddOrUpdate(input, 1, (_, runs) => runs + 1);
            if (run % 2 == 0)
                await Task.Yield();
            return $"step {input}";
        })
        .Step("shaky", (input, _) =>
        {
            int run = stepRuns.AddOrUpdate(input, 1, (_, runs) => runs + 1);
            int failures = int.Parse(input.Split('/')[1], CultureInfo.InvariantCulture);
            if (failures >= 3)
                throw new PermanentStepException("hopeless");
            return run <= failures ? throw new IOException("shaky") : Task.FromResult($"shaky {input}");
        });

    public override async Task<string> RunAsync(IWorkflowContext context, ProgramNode input)
    {
        _trace = traces.Begin(context.InstanceId);
        string result = await RunAsync(context, input, "");
        See(context, $"end {result}");
        return string.Join('\n', _trace);
    }

    private async Task<string> RunAsync(IWorkflowContext context, ProgramNode node, string path)
    {
        string result = await InterpretAsync(context, node, path);
        See(context, $"{path} {node.Operation} = {result}");
        return result;
    }

    private async Task<string> InterpretAsync(IWorkflowContext context, ProgramNode node, string path)
    {
        switch (node.Operation)
        {
            case ProgramOperation.Step:
                return await context.CallStepAsync("step", $"{context.InstanceId}{path}");
            case ProgramOperation.ShakyStep:
                return await OutcomeAsync(context.CallStepAsync("shaky", $"{context.InstanceId}{path}/{node.Number}", Retry));
            case ProgramOperation.Delay:
                await context.DelayAsync(TimeSpan.FromSeconds(node.Number));
                return "later";
            case ProgramOperation.Wait:
                return await context.WaitForEventAsync($"e{node.Number % 2}", TimeSpan.FromSeconds(node.Number)) ?? "nothing";
            case ProgramOperation.Yield:
                await Task.Yield();
                return "yielded";
            case ProgramOperation.Status:
                context.SetStatus(node.Number);
                return "set";
            case ProgramOperation.Sequence:
                var results = new List<string>();
                for (int i = 0; i < node.Body.Count; i++)
                    results.Add(await RunAsync(context, node.Body[i], $"{path}/{i}"));
                return string.Join(',', results);
            case ProgramOperation.All:
                return string.Join(',', await Task.WhenAll(Branches(context, node, path)));
            case ProgramOperation.AsTheyCome:
                List<Task<string>> left = Branches(context, node, path);
                string order = "";
                while (left.Count > 0)
                {
                    Task<string> next = await Task.WhenAny(left);
                    left.Remove(next);
                    order += $"[{await next}]";
                }

                return order;
            case ProgramOperation.First:
                return node.Body.Count == 0 ? "none" : await await Task.WhenAny(Branches(context, node, path));
            case ProgramOperation.Child:
                var body = new ProgramNode(ProgramOperation.Sequence, 0, node.Body);
                string id = $"{context.InstanceId}-{_children++}";
                return $"{(await context.CallWorkflowAsync(Ref, body, id)).Split('\n').Length} lines";
            default:
                throw new NotSupportedException($"{node.Operation}");
        }
    }

    private List<Task<string>> Branches(IWorkflowContext context, ProgramNode node, string path) =>
        [.. node.Body.Select((branch, i) => RunAsync(context, branch, $"{path}/{i}"))];

    private static async Task<string> OutcomeAsync(Task<string> step)
    {
        try
        {
            return await step;
        }
        catch (StepFailedException e)
        {
            return e.Message;
        }
    }

    private void See(IWorkflowContext context, string what) => _trace.Add($"{context.UtcNow.UtcTicks} {what}");
}

/// <summary>What each run of each instance saw, run by run.</summary>
internal sealed class ProgramTraces
{
    private readonly ConcurrentDictionary<string, List<List<string>>> _runs = new();

    /// <summary>By instance, the traces of its runs in order.</summary>
    public IEnumerable<KeyValuePair<string, List<List<string>>>> Runs => _runs;

    public List<string> Begin(string instanceId)
    {
        var trace = new List<string>();
        List<List<string>> runs = _runs.GetOrAdd(instanceId, _ => []);
        lock (runs)
            runs.Add(trace);
        return trace;
    }
}
