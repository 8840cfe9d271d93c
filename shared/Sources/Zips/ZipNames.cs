using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace KeypointPipeline.Sources.Zips;

/// <summary>Decodes the names of files in a zip. Names that differ as bytes stay different.</summary>
/// <remarks>A name is UTF-8 if the zip says so or if its bytes surely are. Otherwise it is in the code page of the machine that zipped it,
/// which no field states; <see cref="NameCodePage"/> finds it from all names. Bytes that cannot be decoded are shown as <c>%81</c>.</remarks>
internal static class ZipNames
{
    /// <summary>Systems on which <c>\</c> separates folders: MS-DOS, OS/2, NTFS, VFAT. .NET and others state the first also elsewhere.</summary>
    private static readonly byte[] BackslashHosts = [0, 6, 10, 11, 14];

    /// <summary>As many characters that are not ASCII are not UTF-8 by chance.</summary>
    private const int SurelyUtf8 = 4;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes the names of all files of a zip.</summary>
    /// <returns>A path for each entry, with <c>/</c> between its parts. Two entries have the same path only if their names are the same
    /// bytes.</returns>
    public static string[] Decode(IReadOnlyList<ZipEntry> entries)
    {
        string?[] paths = [.. entries.Select(DecodeUnicode)];
        List<byte[]> others = [.. entries.Where((_, i) => paths[i] is null).Select(entry => entry.Name)];
        Encoding? codePage = others.Count > 0 ? NameCodePage.Find(others) : null;
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < entries.Count; i++)
        {
            string? path = paths[i] ?? TryDecode(entries[i].Name, codePage) ?? (TryDecodeUtf8(entries[i].Name, out string? text) ? text : null);
            paths[i] = Take(WithSlashes(path ?? Escaped(entries[i].Name), entries[i].Host), entries[i].Name, taken);
        }

        return paths!;
    }

    /// <summary>Decodes strict UTF-8.</summary>
    public static bool TryDecodeUtf8(ReadOnlySpan<byte> name, [NotNullWhen(true)] out string? text)
    {
        text = System.Text.Unicode.Utf8.IsValid(name) ? StrictUtf8.GetString(name) : null;
        return text is not null;
    }

    /// <summary>Decodes a name that is surely Unicode, or returns null.</summary>
    private static string? DecodeUnicode(ZipEntry entry)
    {
        if (!TryDecodeUtf8(entry.Name, out string? text))
            return entry.UnicodeName;
        int others = text.Count(c => !char.IsAscii(c));
        bool isSure = entry.NameIsUtf8 || others is 0 or >= SurelyUtf8 || text.Any(c => c >= '\u0800');
        return isSure ? text : entry.UnicodeName;
    }

    private static string? TryDecode(byte[] name, Encoding? codePage)
    {
        try
        {
            return codePage?.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string WithSlashes(string path, byte host) =>
        path.Contains('\\') && (BackslashHosts.Contains(host) || !path.Contains('/')) ? path.Replace('\\', '/') : path;

    /// <summary>Shows bytes that are not ASCII as <c>%</c> and two hexadecimal digits.</summary>
    private static string Escaped(ReadOnlySpan<byte> name)
    {
        var shown = new StringBuilder();
        foreach (byte b in name)
        {
            if (b is < 0x20 or > 0x7E or (byte)'%')
                shown.Append('%').Append(b.ToString("X2", null));
            else
                shown.Append((char)b);
        }

        return shown.ToString();
    }

    /// <summary>Returns a path that no entry with another name has.</summary>
    private static string Take(string path, byte[] name, Dictionary<string, string> taken)
    {
        string bytes = Encoding.Latin1.GetString(name);
        string candidate = path;
        for (int i = 1; !taken.TryAdd(candidate, bytes) && taken[candidate] != bytes; i++)
            candidate = Numbered(Escaped(name).Replace("\\", "%5C", StringComparison.Ordinal), i);
        return candidate;
    }

    private static string Numbered(string path, int number)
    {
        if (number == 1)
            return path;
        int dot = path.LastIndexOf('.');
        int ending = dot > path.LastIndexOf('/') + 1 ? dot : path.Length;
        return $"{path[..ending]}~{number}{path[ending..]}";
    }
}
