namespace KeypointPipeline.Sources.Zips;

/// <summary>A file of a zip as its central directory lists it (APPNOTE.TXT 6.3.10, section 4.3.12).</summary>
internal sealed record ZipEntry
{
    private const int Encrypted = 1;
    private const int Utf8 = 1 << 11;

    /// <summary>The name's bytes. Which characters they are depends on <see cref="NameIsUtf8"/> and on the program that zipped.</summary>
    public required byte[] Name { get; init; }

    /// <summary>The name in Unicode, which some programs store beside <see cref="Name"/>; or null.</summary>
    public string? UnicodeName { get; init; }

    /// <summary>System of the program that zipped, <c>version made by</c>: 0 for MS-DOS, 3 for Unix. Many programs state any.</summary>
    public byte Host { get; init; }

    /// <summary>General purpose bit flags.</summary>
    public ushort Flags { get; init; }

    /// <summary>Compression method.</summary>
    public ushort Method { get; init; }

    /// <summary>CRC-32 of the unpacked file.</summary>
    public uint Checksum { get; init; }

    /// <summary>Size in the zip in bytes.</summary>
    public long PackedBytes { get; init; }

    /// <summary>Size of the unpacked file in bytes.</summary>
    public long Length { get; init; }

    /// <summary>Place of the local header in the zip.</summary>
    public long HeaderAt { get; init; }

    /// <summary>Whether a password protects the file.</summary>
    public bool IsEncrypted => (Flags & Encrypted) != 0;

    /// <summary>Whether the zip says that the name is UTF-8.</summary>
    public bool NameIsUtf8 => (Flags & Utf8) != 0;
}
