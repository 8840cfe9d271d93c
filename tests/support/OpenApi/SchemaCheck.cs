using System.Text.Json;
using KeypointPipeline.Api;

namespace KeypointPipeline.TestSupport.OpenApi;

/// <summary>Compares JSON with a schema of <c>openapi.json</c>. It knows the words that the schemas there use. A member that a schema does
/// not name is a difference.</summary>
internal static class SchemaCheck
{
    private const string Reference = "#/components/schemas/";

    /// <summary>Says how a value differs from a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="value">The value.</param>
    /// <param name="place">Name of the value, for the message.</param>
    /// <returns>The first difference; null if there is none.</returns>
    public static string? FindDifference(JsonElement schema, JsonElement value, string place)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            string name = reference.GetString()![Reference.Length..];
            return FindDifference(OpenApiDocument.Root.GetProperty("components").GetProperty("schemas").GetProperty(name), value, place);
        }

        if (schema.TryGetProperty("anyOf", out JsonElement choices))
            return choices.EnumerateArray().Any(choice => FindDifference(choice, value, place) is null) ? null : $"{place} is {value}, which no schema of several allows";
        if (schema.TryGetProperty("type", out JsonElement types) && !IsOfType(types, value))
            return $"{place} is {value.GetRawText()}; {types.GetRawText()} is described";
        if (schema.TryGetProperty("enum", out JsonElement possible) && !possible.EnumerateArray().Any(text => text.GetRawText() == value.GetRawText()))
            return $"{place} is {value.GetRawText()}; {possible.GetRawText()} are described";
        return value.ValueKind switch
        {
            JsonValueKind.Object => FindMemberDifference(schema, value, place),
            JsonValueKind.Array when schema.TryGetProperty("items", out JsonElement items) =>
                value.EnumerateArray().Select((item, i) => FindDifference(items, item, $"{place}[{i}]")).FirstOrDefault(difference => difference is not null),
            _ => null,
        };
    }

    private static string? FindMemberDifference(JsonElement schema, JsonElement value, string place)
    {
        if (schema.TryGetProperty("required", out JsonElement required)
            && required.EnumerateArray().FirstOrDefault(name => !value.TryGetProperty(name.GetString()!, out _)) is { ValueKind: JsonValueKind.String } missing)
            return $"{place} lacks {missing}";
        bool named = schema.TryGetProperty("properties", out JsonElement properties);
        foreach (JsonProperty member in value.EnumerateObject())
        {
            JsonElement stated;
            if (!(named && properties.TryGetProperty(member.Name, out stated)) && !schema.TryGetProperty("additionalProperties", out stated))
            {
                if (named)
                    return $"{place} has {member.Name}, which is not described";
                continue;
            }

            if (FindDifference(stated, member.Value, $"{place}.{member.Name}") is string difference)
                return difference;
        }

        return null;
    }

    private static bool IsOfType(JsonElement types, JsonElement value) => types.ValueKind == JsonValueKind.Array
        ? types.EnumerateArray().Any(type => IsOfType(type, value))
        : types.GetString() switch
        {
            "null" => value.ValueKind == JsonValueKind.Null,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number,
            "string" => value.ValueKind == JsonValueKind.String,
            "array" => value.ValueKind == JsonValueKind.Array,
            "object" => value.ValueKind == JsonValueKind.Object,
            var other => throw new NotSupportedException($"No schema of openapi.json has the type {other}."),
        };
}
