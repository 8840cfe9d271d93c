using System.Text.Json;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Api.Instances;

/// <summary>Reads the parts of an instance's status that workflows wrote.</summary>
internal static class InstancePart
{
    /// <summary>Reads a part. Returns null for one that another version wrote in another form.</summary>
    public static T? Read<T>(JsonElement? part)
        where T : class
    {
        try
        {
            return part is { ValueKind: JsonValueKind.Object } value ? value.Deserialize<T>(PipelineJson.Compact) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads why an instance failed or was stopped; null if it was not.</summary>
    public static string? ReadError(WorkflowStatus instance) =>
        instance.RuntimeStatus is WorkflowRuntimeStatus.Failed or WorkflowRuntimeStatus.Terminated && instance.Output is { ValueKind: JsonValueKind.String } error
            ? error.GetString()
            : null;
}
