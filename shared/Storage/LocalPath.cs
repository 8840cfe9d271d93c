using System.Buffers;

namespace KeypointPipeline.Storage;

/// <summary>Builds local paths from names that others chose: names of datasets, blobs and results.</summary>
public static class LocalPath
{
    private static readonly SearchValues<char> InvalidOnWindows = SearchValues.Create("<>:\"|?*");

    /// <summary>Returns the path of a file or folder below a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The name below the folder, with <c>/</c> between its parts.</param>
    /// <exception cref="InvalidDataException">The name would lead out of the folder, or it would reach a file with another name.</exception>
    public static string Below(string folder, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(name);
        string[] parts = name.Split('/');
        return parts.All(part => IsFileName(part, OperatingSystem.IsWindows()))
            ? Path.Combine([folder, .. parts])
            : throw new InvalidDataException($"'{name}' cannot be a file in {folder}: the name leads out of the folder or is not a valid file name.");
    }

    /// <summary>Returns whether a part of a path is a plain file name: no separator, no <c>..</c>, nothing that the system interprets.</summary>
    internal static bool IsFileName(string part, bool onWindows) =>
        part is not ("" or "." or "..")
        && !part.Contains('\\')
        && !part.Any(char.IsControl)
        && !(onWindows && (part.AsSpan().ContainsAny(InvalidOnWindows) || part[^1] is '.' or ' ' || IsDevice(part)));

    /// <summary>Returns whether Windows treats a name as a device. The extension makes no difference.</summary>
    private static bool IsDevice(string name)
    {
        string stem = name.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL" or "CONIN$" or "CONOUT$"
            || (stem.Length == 4 && stem[..3] is "COM" or "LPT" && "0123456789¹²³".Contains(stem[3]));
    }
}
