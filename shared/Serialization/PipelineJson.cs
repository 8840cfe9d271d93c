using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeypointPipeline.Serialization;

/// <summary>JSON settings for every blob, journal entry and HTTP body: camelCase names, enums as camelCase strings, nulls left
/// out, strict numbers. NaN is never written: a missing value is null.</summary>
public static class PipelineJson
{
    /// <summary>Writes a document on one line. For journals, JSON Lines and HTTP.</summary>
    public static JsonSerializerOptions Compact { get; } = Create(indented: false);

    /// <summary>Writes a document on indented lines. For documents that people open.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>Serialises a value to JSON text on one line.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Compact);

    /// <summary>Deserialises JSON text.</summary>
    /// <exception cref="JsonException">The text is not JSON for <typeparamref name="T"/>, or is <c>null</c>.</exception>
    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Compact) ?? throw new JsonException($"Expected a {typeof(T).Name}, found null.");

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            WriteIndented = indented,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.Strict,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
