using KeypointPipeline.Formats;

namespace KeypointPipeline.Api.Removal;

/// <summary>What <c>DELETE /api/datasets</c> is asked for.</summary>
/// <param name="Path">The path; null means every path.</param>
/// <param name="Group">Hash of the group to erase; null means the whole path.</param>
/// <param name="Erase">Whether all copies are deleted too.</param>
/// <param name="Preview">Whether only to show what would be removed.</param>
public sealed record RemovalQuery(string? Path, ulong? Group, bool Erase, bool Preview)
{
    /// <summary>Name of <see cref="Path"/> in an address.</summary>
    public const string PathName = "path";

    /// <summary>Name in an address of the switch that means every path.</summary>
    public const string EverywhereName = "everywhere";

    /// <summary>Name in an address of the group's name.</summary>
    public const string GroupName = "group";

    /// <summary>Name of <see cref="Erase"/> in an address.</summary>
    public const string EraseName = "erase";

    /// <summary>Name of <see cref="Preview"/> in an address.</summary>
    public const string PreviewName = "preview";

    /// <summary>Functions accepts its key under this name.</summary>
    private const string KeyName = "code";

    private static readonly string[] Names = [PathName, EverywhereName, GroupName, EraseName, PreviewName, KeyName];

    /// <summary>Reads the values of an address.</summary>
    /// <exception cref="ApiProblemException">400: a name is unknown, a value is invalid, or the values do not go together.</exception>
    public static RemovalQuery Read(IReadOnlyDictionary<string, string> query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Keys.Except(Names, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is string unknown)
            throw Invalid($"'{unknown}' is not a value of this address. It takes {string.Join(", ", Names[..^1])}.");
        string? path = Text(query, PathName);
        bool everywhere = Switch(query, EverywhereName);
        string? group = Text(query, GroupName);
        if (path is null == !everywhere)
            throw Invalid(path is null ? "Name the dataset with path=PATH." : "Use either path or everywhere, not both.");
        if (everywhere && group is null)
            throw Invalid("everywhere goes with group: erasing every dataset at once is not supported. Name each with path=PATH.");
        ulong? key = group is null ? null : GroupKey.Of(group) ?? throw Invalid("The group's name is blank.");
        return new RemovalQuery(path, key, Switch(query, EraseName), Switch(query, PreviewName));
    }

    private static string? Text(IReadOnlyDictionary<string, string> query, string name) =>
        query.FirstOrDefault(value => value.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is { Length: > 0 } text ? text : null;

    private static bool Switch(IReadOnlyDictionary<string, string> query, string name) => Text(query, name) switch
    {
        null => false,
        string text when bool.TryParse(text, out bool value) => value,
        string text => throw Invalid($"{name} is '{text}'; true or false is expected."),
    };

    private static ApiProblemException Invalid(string detail) => new(400, "Invalid request", detail);
}
