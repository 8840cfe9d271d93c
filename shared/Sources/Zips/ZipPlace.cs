namespace KeypointPipeline.Sources.Zips;

/// <summary>Where a file is in a zip and how it is packed, as the zip's central directory states it (APPNOTE.TXT 6.3.10, section 4.3.12).
/// With it, the file can be read without the directory. The numbers are untrusted.</summary>
/// <param name="HeaderAt">Place of the file's local header, in bytes from the zip's start.</param>
/// <param name="PackedBytes">Size in the zip in bytes.</param>
/// <param name="Length">Size of the unpacked file in bytes.</param>
/// <param name="Method">Compression method.</param>
/// <param name="Checksum">CRC-32 of the unpacked file.</param>
/// <param name="Flags">General purpose bit flags.</param>
public sealed record ZipPlace(long HeaderAt, long PackedBytes, long Length, ushort Method, uint Checksum, ushort Flags)
{
    private const int Encrypted = 1;

    /// <summary>Whether a password protects the file.</summary>
    internal bool IsEncrypted => (Flags & Encrypted) != 0;
}
