using System.Text.Json.Nodes;

namespace KeypointPipeline.Shared.Tests.Training.ContainerApps;

/// <summary>A deployed Container Apps job and its executions.</summary>
internal sealed class FakeJob(string name, string id, string workloadProfile)
{
    private readonly Lock _lock = new();
    private readonly List<FakeExecution> _executions = [];
    private int _starts;

    public string Id { get; } = id;

    /// <summary>Status and code that every start is refused with.</summary>
    public (int Status, string Code)? Refusal { get; set; }

    /// <summary>Called before an execution's state is told: what a trainer has done in the meantime.</summary>
    public Func<FakeExecution, Task> OnLook { get; set; } = _ => Task.CompletedTask;

    /// <summary>Executions ever started.</summary>
    public int Starts => Volatile.Read(ref _starts);

    public IReadOnlyList<FakeExecution> Executions
    {
        get
        {
            lock (_lock)
                return [.. _executions];
        }
    }

    public FakeExecution? Find(string execution) => Executions.FirstOrDefault(known => known.Name == execution);

    public FakeExecution Start(JsonObject template)
    {
        lock (_lock)
        {
            var execution = new FakeExecution($"{name}-{++_starts}", template);
            _executions.Add(execution);
            return execution;
        }
    }

    /// <summary>Azure forgets it.</summary>
    public void Forget(FakeExecution execution)
    {
        lock (_lock)
            _executions.Remove(execution);
    }

    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["name"] = name,
        ["properties"] = new JsonObject
        {
            ["provisioningState"] = "Succeeded",
            ["workloadProfileName"] = workloadProfile,
            ["configuration"] = new JsonObject { ["triggerType"] = "Manual" },
            ["template"] = Template(),
        },
    };

    /// <summary>As infra/ deploys it, with a second container for good measure.</summary>
    public static JsonObject Template() => JsonNode.Parse("""
        {
          "containers": [
            {
              "name": "trainer",
              "image": "registry.azurecr.io/keypoint-trainer:1.0-cuda",
              "args": ["run"],
              "env": [
                { "name": "KEYPOINTS_STORAGE_URI", "value": "https://data.blob.core.windows.net" },
                { "name": "APPLICATIONINSIGHTS_CONNECTION_STRING", "secretRef": "insights" },
                { "name": "TRACEPARENT", "value": "of an earlier start" }
              ],
              "resources": { "cpu": 8, "memory": "56Gi" },
              "probes": []
            },
            { "name": "beside", "image": "beside:1", "args": ["--quiet"] }
          ],
          "initContainers": [{ "name": "first", "image": "first:1" }],
          "volumes": null
        }
        """)!.AsObject();
}

/// <summary>One execution.</summary>
internal sealed class FakeExecution(string name, JsonObject template)
{
    public string Name { get; } = name;

    public JsonObject Template { get; } = template;

    public string Status { get; set; } = "Running";

    public string? EndTime { get; set; }

    /// <summary>Exit code of the trainer's container; null while Azure does not say.</summary>
    public int? ExitCode { get; set; }

    /// <summary>It was told to stop; what becomes of it is up to the test.</summary>
    public bool StopRequested { get; set; }

    /// <summary>How often its state was asked for, for scripts to count.</summary>
    public int Looks { get; set; }

    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["properties"] = new JsonObject
        {
            ["status"] = Status,
            ["startTime"] = "2026-11-23T12:00:00+00:00",
            ["endTime"] = EndTime,
            ["template"] = Template.DeepClone(),
            ["detailedStatus"] = ExitCode is null ? null : new JsonObject
            {
                ["replicas"] = new JsonArray(new JsonObject
                {
                    ["name"] = $"{Name}-x1y2z",
                    ["containers"] = new JsonArray(
                        new JsonObject { ["name"] = "beside", ["code"] = 139, ["status"] = "Terminated" },
                        new JsonObject { ["name"] = "trainer", ["code"] = ExitCode, ["status"] = "Terminated" }),
                }),
            },
        },
    };
}
