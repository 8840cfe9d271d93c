using System.Text.Json;
using System.Text.Json.Serialization;
using KeypointPipeline.Port;

namespace KeypointPipeline.Local.Http;

/// <summary>An instance in the form of Durable Functions' status query: these members, in this order, nulls included.</summary>
internal sealed record InstanceBody(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string InstanceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string RuntimeStatus,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? Input,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? CustomStatus,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? Output,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string CreatedTime,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string LastUpdatedTime)
{
    /// <summary>Converts a status.</summary>
    /// <param name="status">The status of the instance.</param>
    /// <param name="showInput">Whether to include the input.</param>
    public static InstanceBody From(WorkflowStatus status, bool showInput) => new(
        status.Name,
        status.InstanceId,
        status.RuntimeStatus.ToString(),
        showInput ? status.Input : null,
        status.CustomStatus,
        status.Output,
        Seconds(status.CreatedTime),
        Seconds(status.LastUpdatedTime));

    private static string Seconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ");
}
