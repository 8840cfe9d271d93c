using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Api;

/// <summary>Reads JSON bodies of requests. A body that cannot be used is refused in the words of the person who sent it: the member,
/// what was given and what is expected. An unknown member is refused too, because it is most likely misspelt.</summary>
public static class RequestBody
{
    private const int LongestQuote = 60;

    /// <summary>Deserializes a body. An empty body gives all defaults.</summary>
    /// <exception cref="ApiProblemException">400: the body is not JSON, or does not have the members that the endpoint takes.</exception>
    public static T Read<T>(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            text = "{}";
        using (JsonDocument body = Parse(text))
        {
            if (FindProblem(PipelineJson.Compact.GetTypeInfo(typeof(T)), body.RootElement, "") is string problem)
                throw Invalid(problem);
        }

        return PipelineJson.Read<T>(text);
    }

    /// <summary>Parses a body that may have any members.</summary>
    /// <exception cref="ApiProblemException">400: the body is not JSON.</exception>
    public static JsonDocument Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw Invalid($"The body is not JSON. The error is at {Place(text, e)}.");
        }
    }

    /// <summary>Finds the first place where a body differs from what is expected.</summary>
    /// <param name="expected">What is expected there.</param>
    /// <param name="given">What is there.</param>
    /// <param name="name">Name of the place, such as <c>settings.epochs</c>; empty for the whole body.</param>
    /// <returns>A sentence; null if the serializer accepts the body.</returns>
    private static string? FindProblem(JsonTypeInfo expected, JsonElement given, string name)
    {
        if (expected.Kind == JsonTypeInfoKind.Object)
        {
            return given.ValueKind == JsonValueKind.Object
                ? given.EnumerateObject().Select(member => FindProblem(expected, member, name)).FirstOrDefault(problem => problem is not null)
                : Differs(name, given, $"an object, such as {{\"{expected.Properties[0].Name}\": …}}");
        }

        try
        {
            given.Deserialize(expected);
            return null;
        }
        catch (JsonException)
        {
            return Differs(name, given, Describe(expected.Type));
        }
    }

    private static string? FindProblem(JsonTypeInfo parent, JsonProperty given, string name)
    {
        JsonPropertyInfo? member = parent.Properties.FirstOrDefault(member => string.Equals(member.Name, given.Name, StringComparison.OrdinalIgnoreCase));
        string place = name.Length == 0 ? given.Name : $"{name}.{given.Name}";
        if (member is null)
            return $"{Quote(place)} is not known here. Possible: {string.Join(", ", parent.Properties.Select(possible => possible.Name))}.";
        if (given.Value.ValueKind != JsonValueKind.Null)
            return FindProblem(PipelineJson.Compact.GetTypeInfo(member.PropertyType), given.Value, place);
        return member.IsSetNullable || member.AssociatedParameter?.IsNullable == true
            ? null
            : Differs(place, given.Value, Describe(member.PropertyType));
    }

    private static string Describe(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        Type bare when bare == typeof(bool) => "true or false",
        Type bare when bare == typeof(int) => $"a whole number of at most {int.MaxValue:N0}",
        Type bare when bare == typeof(string) => "text in quotes",
        Type bare => throw new NotSupportedException($"No request has a {bare.Name}. Describe it here for people who send another value."),
    };

    private static string Differs(string name, JsonElement given, string expected) =>
        $"{(name.Length == 0 ? "The body" : Quote(name))} is {Quote(given.GetRawText())}; expected {expected}.";

    private static string Quote(string text) => text.Length <= LongestQuote ? text : $"{text[..LongestQuote]}…";

    /// <summary>Formats the place of a syntax error as editors count: lines and characters from 1.</summary>
    private static string Place(string text, JsonException e)
    {
        string line = text.Split('\n')[(int)(e.LineNumber ?? 0)];
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        int before = (int)Math.Min(e.BytePositionInLine ?? 0, bytes.Length);
        return $"line {(e.LineNumber ?? 0) + 1}, character {Encoding.UTF8.GetCharCount(bytes, 0, before) + 1}";
    }

    private static ApiProblemException Invalid(string problem) => new(400, "Invalid body", $"{problem} Correct it and send the request again.");
}
