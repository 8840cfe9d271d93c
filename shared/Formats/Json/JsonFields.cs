using System.Text.Json;

namespace KeypointPipeline.Formats.Json;

/// <summary>Reads the members of untrusted JSON objects. A member of another kind than expected counts as absent.</summary>
internal static class JsonFields
{
    /// <summary>Returns a member, or null if the value is no object, or lacks it, or it is null. Of members with the same name, the last
    /// one counts. A member with half of a surrogate pair in its name counts as absent.</summary>
    public static JsonElement? Find(this JsonElement value, string member)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        JsonElement found;
        try
        {
            _ = value.TryGetProperty(member, out found);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair in any name stops the search for every name.
            found = value.EnumerateObject().LastOrDefault(candidate => candidate.NameAsText() == member).Value;
        }

        return found.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : found;
    }

    /// <summary>Returns the text of a member, or null.</summary>
    public static string? FindText(this JsonElement value, string member) => value.Find(member)?.AsText();

    /// <summary>Returns a member that is a text or a number as text, for example an id; null otherwise.</summary>
    public static string? FindId(this JsonElement value, string member) => value.Find(member)?.AsId();

    /// <summary>Returns a text or a number as text; null otherwise.</summary>
    public static string? AsId(this JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetRawText() : value.AsText();

    /// <summary>Returns the name of a member, or null. Half of a surrogate pair is no text.</summary>
    public static string? NameAsText(this JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Returns a member that is a number, or null.</summary>
    public static double? FindNumber(this JsonElement value, string member) => value.Find(member)?.AsNumber();

    /// <summary>Returns the number, or null.</summary>
    public static double? AsNumber(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? number : null;

    /// <summary>Returns the text, or null. Half of a surrogate pair is no text.</summary>
    public static string? AsText(this JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
