using System.Buffers;

namespace KeypointPipeline.Formats.LabelStudio;

/// <summary>Paths of pictures as Label Studio writes them: addresses, uploads and files of its server.</summary>
internal static class LabelStudioPath
{
    private const string LocalFile = "?d=";
    private const int PrefixDigits = 8;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Returns a path without scheme, query and percent encoding. It is untrusted.</summary>
    public static string Clean(string stated)
    {
        int local = stated.IndexOf(LocalFile, StringComparison.Ordinal);
        if (local >= 0)
            return Unescape(stated[(local + LocalFile.Length)..].Split('&')[0]);
        int scheme = stated.IndexOf("://", StringComparison.Ordinal);
        string path = scheme < 0 ? stated : stated[(scheme + 3)..];
        if (!stated.StartsWith("http", StringComparison.OrdinalIgnoreCase) && !stated.StartsWith("/data/", StringComparison.Ordinal))
            return path;
        int end = path.AsSpan().IndexOfAny('?', '#');
        return Unescape(end < 0 ? path : path[..end]);
    }

    /// <summary>Returns a path with the name that a file had before it was uploaded, or null.</summary>
    public static string? WithoutPrefix(string path)
    {
        int name = path.LastIndexOf('/') + 1;
        bool hasPrefix = path.Length > name + PrefixDigits + 1 && path[name + PrefixDigits] == '-'
            && path.AsSpan(name, PrefixDigits).IndexOfAnyExcept(HexDigits) < 0;
        return hasPrefix ? path[..name] + path[(name + PrefixDigits + 1)..] : null;
    }

    private static string Unescape(string path) => Uri.UnescapeDataString(path);
}
