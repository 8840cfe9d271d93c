using System.Text.Json.Nodes;

namespace KeypointPipeline.Training.ContainerApps;

/// <summary>The template of one execution. It replaces the job's whole template, so it repeats the job's image, environment and
/// resources. Only the trainer's arguments and its trace parent are new.</summary>
public static class TrainerTemplate
{
    /// <summary>The properties that a container of an execution may have (JobExecutionContainer). Probes and mounts are not allowed.</summary>
    private static readonly string[] ContainerKeys = ["name", "image", "command", "args", "env", "resources"];

    /// <summary>Creates the template of an execution.</summary>
    /// <param name="job">The job's own template. Its first container is the trainer, because only the first one sees the GPU.</param>
    /// <param name="runId">The run to train.</param>
    /// <param name="traceParent">The activity that the training belongs to, or null.</param>
    /// <exception cref="InvalidDataException">The job has no container.</exception>
    public static JsonObject Create(JsonObject job, string runId, string? traceParent)
    {
        JsonArray containers = Copy(job["containers"]);
        if (containers.Count == 0)
            throw new InvalidDataException("The job has no container; deploy it with the trainer's image.");
        JsonNode trainer = containers[0]!;
        trainer["args"] = new JsonArray([.. TrainerCommandLine.ForRun(runId).Select(argument => (JsonNode)argument)]);
        if (traceParent is not null)
            trainer["env"] = With(trainer["env"], TrainerVariables.TraceParent, traceParent);

        var template = new JsonObject { ["containers"] = containers };
        if (Copy(job["initContainers"]) is { Count: > 0 } first)
            template["initContainers"] = first;
        return template;
    }

    private static JsonArray Copy(JsonNode? containers) => containers is JsonArray list
        ? new JsonArray([.. list.OfType<JsonObject>().Select(CopyContainer)])
        : [];

    private static JsonNode CopyContainer(JsonObject container) =>
        new JsonObject(container
            .Where(property => ContainerKeys.Contains(property.Key, StringComparer.Ordinal) && property.Value is not null)
            .Select(property => KeyValuePair.Create(property.Key, (JsonNode?)property.Value!.DeepClone())));

    private static JsonArray With(JsonNode? environment, string name, string value)
    {
        IEnumerable<JsonNode> others = environment is JsonArray list
            ? list.OfType<JsonObject>().Where(variable => (string?)variable["name"] != name).Select(variable => variable.DeepClone())
            : [];
        return new JsonArray([.. others, new JsonObject { ["name"] = name, ["value"] = value }]);
    }
}
