namespace KeypointPipeline.Storage;

/// <summary>Which names blobs may have here. The others do not arrive as they were written: an address is normalised on its way, so
/// that <c>../models/champion.json</c> in <c>images</c> would be a blob of <c>models</c>; servers take <c>\</c> for <c>/</c>; and one
/// control character makes Azurite's listing of a whole container unreadable.</summary>
public static class BlobName
{
    /// <summary>The longest name, characters.</summary>
    public const int MaximumLength = 1024;

    /// <summary>Says what is wrong with a name.</summary>
    /// <returns>Such as <c>has a part '..'</c>; null where the name can be used.</returns>
    public static string? FindProblem(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaximumLength)
            return $"has {name.Length:N0} characters, and 1 to {MaximumLength:N0} are allowed";
        if (name.StartsWith('/') || name.EndsWith('/'))
            return "begins or ends with '/'";
        if (name.Contains('\\'))
            return @"holds a '\'";
        if (name.Split('/').FirstOrDefault(part => part is "." or "..") is string dots)
            return $"has a part '{dots}'";
        return IsText(name) ? null : "holds a control character or half a character";
    }

    /// <summary>The name, if it can be used.</summary>
    /// <exception cref="InvalidDataException">It cannot; the message says why.</exception>
    public static string Require(string container, string name) =>
        FindProblem(name) is string problem
            ? throw new InvalidDataException($"{container}/{name} cannot be a blob: its name {problem}.")
            : name;

    private static bool IsText(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsSurrogatePair(name, i))
                i++;
            else if (char.IsSurrogate(name[i]) || char.IsControl(name[i]) || name[i] is '\uFFFE' or '\uFFFF')
                return false;
        }

        return true;
    }
}
