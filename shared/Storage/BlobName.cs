namespace KeypointPipeline.Storage;

/// <summary>Checks blob names. Names that it refuses would reach another blob or break a listing.</summary>
/// <remarks>URLs are normalised on their way: <c>../models/champion.json</c> in <c>images</c> would reach a blob of <c>models</c>.
/// Servers read <c>\</c> as <c>/</c>. One control character makes Azurite's listing of a whole container unreadable.</remarks>
public static class BlobName
{
    /// <summary>The maximum length of a name, in characters.</summary>
    public const int MaximumLength = 1024;

    /// <summary>Finds out why a name cannot be used.</summary>
    /// <returns>A predicate for a message, for example <c>has a part '..'</c>, or null if the name is valid.</returns>
    public static string? FindProblem(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaximumLength)
            return $"has {name.Length:N0} characters; 1 to {MaximumLength:N0} are allowed";
        if (name.StartsWith('/') || name.EndsWith('/'))
            return "begins or ends with '/'";
        if (name.Contains('\\'))
            return @"contains a '\'";
        if (name.Split('/').FirstOrDefault(part => part is "." or "..") is string dots)
            return $"has a part '{dots}'";
        return IsText(name) ? null : "contains a control character or half of a surrogate pair";
    }

    /// <summary>Returns the name if it is valid.</summary>
    /// <exception cref="InvalidDataException">The name is invalid. The message says why.</exception>
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
