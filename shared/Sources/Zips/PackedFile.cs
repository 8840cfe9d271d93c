using System.Buffers.Binary;
using System.IO.Compression;
using KeypointPipeline.Files;

namespace KeypointPipeline.Sources.Zips;

/// <summary>Opens a file of a zip whose place is known.</summary>
internal static class PackedFile
{
    /// <summary>Bytes of a local header before the name and the extra field.</summary>
    public const int LocalHeaderBytes = 30;

    private const int Stored = 0, Deflate = 8, Deflate64 = 9;

    /// <summary>Opens a file at its start. Reading it to its end checks its size and checksum.</summary>
    /// <param name="source">The zip.</param>
    /// <param name="place">The file.</param>
    /// <param name="closesZip">Whether the zip was opened for this file only. Disposing the stream then disposes the zip.</param>
    /// <param name="cancellationToken">Cancels the reading of the local header.</param>
    /// <exception cref="RejectedFileException">The file is not there, damaged, encrypted, or packed in a way that is not supported.</exception>
    public static async Task<Stream> OpenAsync(ZipSource source, ZipPlace place, bool closesZip, CancellationToken cancellationToken)
    {
        if (place.IsEncrypted)
            throw new RejectedFileException("The file is protected by a password: zip it again without one.");
        if (place.Method is not (Stored or Deflate or Deflate64))
            throw new RejectedFileException($"The file is compressed with {MethodName(place.Method)}, which is not supported: zip it again with the method Deflate.");

        byte[] header = new byte[LocalHeaderBytes];
        if (place.HeaderAt < 0 || place.HeaderAt > source.Length - LocalHeaderBytes
            || await source.ReadAsync(place.HeaderAt, header, cancellationToken) != LocalHeaderBytes || HeaderLength(header) is not int headerLength)
        {
            throw Damaged("it is not where the zip says");
        }

        long dataAt = place.HeaderAt + headerLength;
        if (dataAt > source.Length - place.PackedBytes)
            throw Damaged("the zip ends before it");
        if (place.Method == Deflate64)
            return await OpenDeflate64Async(source, place, dataAt, closesZip, cancellationToken);
        var packed = new PackedBytes(source, dataAt, place.PackedBytes);
        Stream unpacked = place.Method == Stored ? packed : new DeflateStream(packed, CompressionMode.Decompress);
        return new UnpackedFile(unpacked, packed, () => packed.BytesRead, place, source, closesZip);
    }

    private static async Task<Stream> OpenDeflate64Async(
        ZipSource source, ZipPlace place, long dataAt, bool closesZip, CancellationToken cancellationToken)
    {
        var one = new OneFileZip(source, place, dataAt);
        ZipArchive? archive = null;
        try
        {
            archive = await ZipArchive.CreateAsync(one, ZipArchiveMode.Read, leaveOpen: false, entryNameEncoding: null, cancellationToken);
            Stream unpacked = await archive.Entries.Single().OpenAsync(cancellationToken);
            return new UnpackedFile(unpacked, archive, () => one.BytesRead, place, source, closesZip);
        }
        catch (Exception e)
        {
            archive?.Dispose();
            if (source.IsDamage(e))
                throw Damaged(e.Message.TrimEnd('.'), e);
            throw;
        }
    }

    /// <summary>Names a compression method (APPNOTE.TXT 6.3.10, section 4.4.5).</summary>
    private static string MethodName(int method) => method switch
    {
        12 => "bzip2",
        14 => "LZMA",
        20 or 93 => "Zstandard",
        95 => "XZ",
        98 => "PPMd",
        _ => $"method {method}",
    };

    /// <summary>Returns the length of the local header at the start of some bytes, with its name and extra field; null if there is none.</summary>
    public static int? HeaderLength(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= LocalHeaderBytes && bytes.StartsWith("PK\u0003\u0004"u8)
            ? LocalHeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..])
            : null;

    /// <summary>Creates the exception for a file of a zip that cannot be unpacked.</summary>
    public static RejectedFileException Damaged(string reason, Exception? innerException = null) =>
        new($"The file is cut short or damaged: {reason}. Copy or zip it again.", innerException);
}
