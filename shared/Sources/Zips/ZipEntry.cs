namespace KeypointPipeline.Sources.Zips;

/// <summary>A file of a zip as its central directory lists it (APPNOTE.TXT 6.3.10, section 4.3.12).</summary>
internal sealed record ZipEntry
{
    private const int Utf8 = 1 << 11;

    /// <summary>The name's bytes. Which characters they are depends on <see cref="NameIsUtf8"/> and on the program that zipped.</summary>
    public required byte[] Name { get; init; }

    /// <summary>The name in Unicode, which some programs store beside <see cref="Name"/>; or null.</summary>
    public string? UnicodeName { get; init; }

    /// <summary>System of the program that zipped, <c>version made by</c>: 0 for MS-DOS, 3 for Unix. Many programs state any.</summary>
    public byte Host { get; init; }

    /// <summary>Where the file is and how it is packed.</summary>
    public required ZipPlace Place { get; init; }

    /// <summary>Whether the zip says that the name is UTF-8.</summary>
    public bool NameIsUtf8 => (Place.Flags & Utf8) != 0;
}
