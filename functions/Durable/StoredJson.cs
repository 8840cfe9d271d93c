using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Functions.Durable;

/// <summary>Reads the inputs, outputs and statuses that a task hub stores.</summary>
public static class StoredJson
{
    /// <summary>Reads a stored value. The hub stores JSON, except for the reason of a termination over HTTP, which it stores as plain
    /// text.</summary>
    /// <returns>The value; plain text becomes a JSON string. Null if nothing is stored.</returns>
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
