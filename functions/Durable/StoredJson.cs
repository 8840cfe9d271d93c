using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Functions.Durable;

/// <summary>Inputs, outputs and statuses as a task hub keeps them.</summary>
public static class StoredJson
{
    /// <summary>Reads one. They are JSON, but for the reason of a termination over HTTP, which is kept as it came.</summary>
    /// <returns>Null where there is none.</returns>
    public static JsonElement? Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text, PipelineJson.Compact);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }
}
