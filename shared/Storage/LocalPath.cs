using System.Buffers;

namespace KeypointPipeline.Storage;

/// <summary>Local paths of names that others chose: datasets, blobs, results.</summary>
public static class LocalPath
{
    private static readonly SearchValues<char> InvalidOnWindows = SearchValues.Create("<>:\"|?*");

    /// <summary>The path of a file or folder below a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">Its name, with <c>/</c> between folders.</param>
    /// <exception cref="InvalidDataException">The name would lead out of the folder, or to another file than it names.</exception>
    public static string Below(string folder, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(name);
        string[] parts = name.Split('/');
        return parts.All(part => IsFileName(part, OperatingSystem.IsWindows()))
            ? Path.Combine([folder, .. parts])
            : throw new InvalidDataException($"'{name}' cannot be a file in {folder}: its name leads elsewhere or is none that a file can have.");
    }

    /// <summary>Whether a part of a path is a name of its own and nothing else.</summary>
    internal static bool IsFileName(string part, bool onWindows) =>
        part is not ("" or "." or "..")
        && !part.Contains('\\')
        && !part.Any(char.IsControl)
        && !(onWindows && (part.AsSpan().ContainsAny(InvalidOnWindows) || part[^1] is '.' or ' ' || IsDevice(part)));

    /// <summary>Whether Windows takes a name for a device, whatever its ending.</summary>
    private static bool IsDevice(string name)
    {
        string stem = name.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL" or "CONIN$" or "CONOUT$"
            || (stem.Length == 4 && stem[..3] is "COM" or "LPT" && "0123456789¹²³".Contains(stem[3]));
    }
}
