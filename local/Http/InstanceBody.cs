using System.Text.Json;
using System.Text.Json.Serialization;
using KeypointPipeline.Port;

namespace KeypointPipeline.Local.Http;

/// <summary>An instance as Durable Functions' status query writes it: these members, in this order, nulls included.</summary>
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
    /// <summary>Writes a status.</summary>
    /// <param name="status">The instance.</param>
    /// <param name="showInput">Whether its input is wanted.</param>
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
