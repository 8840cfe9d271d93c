using System.Buffers.Binary;
using System.IO.Hashing;
using KeypointPipeline.Files;

namespace KeypointPipeline.Sources.Zips;

/// <summary>Reads a zip's central directory: its list of files (APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16).</summary>
/// <remarks>.NET's <c>ZipArchive</c> gives neither a name's bytes nor what is needed to tell their code page, and it turns undecodable
/// names into equal ones.</remarks>
internal static class ZipDirectory
{
    private const int EndBytes = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int LocatorBytes = 20;
    private const int End64Bytes = 56;
    private const int RecordBytes = 46;
    private const int Zip64Field = 0x0001;
    private const int UnicodeNameField = 0x7075;

    /// <summary>Reads the list of files.</summary>
    /// <param name="zip">The zip's name, for messages.</param>
    /// <param name="source">The zip.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">It is no zip, cut short, damaged, split, beyond <see cref="ZipLimits"/>, or a zip bomb.</exception>
    public static async Task<List<ZipEntry>> ReadAsync(string zip, ZipSource source, CancellationToken cancellationToken)
    {
        End end = await FindEndAsync(zip, source, cancellationToken);
        if (end.Bytes > ZipLimits.DirectoryBytes)
            throw new RejectedFileException($"{zip} lists too many files; at most {ZipLimits.Entries:N0} are allowed.");
        if (end.Start < 0 || end.Bytes < 0 || end.Start > end.Limit - end.Bytes)
            throw Damaged(zip, "its list of files is not where it should be");

        byte[] directory = new byte[end.Bytes];
        if (await source.ReadAsync(end.Start, directory, cancellationToken) != directory.Length)
            throw Damaged(zip, "its list of files is incomplete");
        List<ZipEntry> entries = Parse(zip, directory);
        // Some programs state the count modulo 65,536 for more files than that, although the format has a larger field.
        if (entries.Count != end.Count && (entries.Count & ushort.MaxValue) != end.Count)
            throw Damaged(zip, $"it lists {entries.Count:N0} files and states {end.Count:N0}");
        ThrowIfBomb(zip, entries, source.Length);
        return entries;
    }

    private static async Task<End> FindEndAsync(string zip, ZipSource source, CancellationToken cancellationToken)
    {
        byte[] tail = new byte[(int)Math.Min(source.Length, LocatorBytes + EndBytes + LongestComment)];
        long tailAt = source.Length - tail.Length;
        if (await source.ReadAsync(tailAt, tail, cancellationToken) != tail.Length || FindEnd(tail) is not int at)
            throw await DescribeWithoutEndAsync(zip, source, cancellationToken);

        ReadOnlySpan<byte> record = tail.AsSpan(at);
        var end = new End(Count: U16(record, 10), Bytes: U32(record, 12), Start: U32(record, 16), Limit: tailAt + at);
        if (U16(record, 4) is not (0 or ushort.MaxValue) || U16(record, 6) is not (0 or ushort.MaxValue))
            throw new RejectedFileException($"{zip} is one part of a zip that is split into several files. Zip the files again into one zip.");
        if (at < LocatorBytes || !tail.AsSpan(at - LocatorBytes).StartsWith("PK\u0006\u0007"u8))
            return end;

        long end64At = I64(tail, at - LocatorBytes + 8);
        byte[] end64 = new byte[End64Bytes];
        if (end64At < 0 || end64At > source.Length - End64Bytes
            || await source.ReadAsync(end64At, end64, cancellationToken) != End64Bytes || !end64.AsSpan().StartsWith("PK\u0006\u0006"u8))
        {
            throw Damaged(zip, "its 64-bit end record is missing");
        }

        return new End(
            end.Count == ushort.MaxValue ? I64(end64, 32) : end.Count,
            end.Bytes == uint.MaxValue ? I64(end64, 40) : end.Bytes,
            end.Start == uint.MaxValue ? I64(end64, 48) : end.Start,
            end64At);
    }

    /// <summary>Finds the end record. A comment may follow it, and contain its signature.</summary>
    private static int? FindEnd(ReadOnlySpan<byte> tail)
    {
        int? withMoreBehind = null;
        for (int at = tail.Length - EndBytes; at >= 0; at--)
        {
            if (!tail[at..].StartsWith("PK\u0005\u0006"u8))
                continue;
            int end = at + EndBytes + U16(tail[at..], 20);
            if (end == tail.Length)
                return at;
            if (end < tail.Length)
                withMoreBehind ??= at;
        }

        return withMoreBehind;
    }

    private static async Task<RejectedFileException> DescribeWithoutEndAsync(string zip, ZipSource source, CancellationToken cancellationToken)
    {
        byte[] start = new byte[2];
        if (await source.ReadAsync(0, start, cancellationToken) == 0)
            return new RejectedFileException($"{zip} is empty.");
        return FileMagic.Zip.SequenceEqual(start)
            ? new RejectedFileException($"{zip} is cut short: its list of files, which comes last, is missing. Copy or zip it again.")
            : new RejectedFileException($"{zip} is not a zip, although its name says so{FileMagic.Guess(start)}.");
    }

    private static List<ZipEntry> Parse(string zip, ReadOnlySpan<byte> directory)
    {
        var entries = new List<ZipEntry>();
        while (directory.StartsWith("PK\u0001\u0002"u8) && directory.Length >= RecordBytes)
        {
            int name = U16(directory, 28);
            int extra = U16(directory, 30);
            int bytes = RecordBytes + name + extra + U16(directory, 32);
            if (bytes > directory.Length)
                throw Damaged(zip, "its list of files is damaged");
            if (entries.Count == ZipLimits.Entries)
                throw new RejectedFileException($"{zip} contains more than {ZipLimits.Entries:N0} files. Split it, or unpack it and use the folder.");
            entries.Add(Parse(directory[..RecordBytes], directory.Slice(RecordBytes, name), directory.Slice(RecordBytes + name, extra)));
            directory = directory[bytes..];
        }

        return entries;
    }

    private static ZipEntry Parse(ReadOnlySpan<byte> record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> extra)
    {
        long packed = U32(record, 20);
        long length = U32(record, 24);
        long headerAt = U32(record, 42);
        string? unicodeName = null;
        for (ReadOnlySpan<byte> left = extra; left.Length >= 4 && U16(left, 2) <= left.Length - 4; left = left[(4 + U16(left, 2))..])
        {
            ReadOnlySpan<byte> field = left.Slice(4, U16(left, 2));
            if (U16(left, 0) == Zip64Field)
            {
                length = Wide(length, ref field);
                packed = Wide(packed, ref field);
                headerAt = Wide(headerAt, ref field);
            }
            else if (U16(left, 0) == UnicodeNameField)
            {
                unicodeName = ReadUnicodeName(field, name);
            }
        }

        return new ZipEntry
        {
            Name = name.ToArray(),
            UnicodeName = unicodeName,
            Host = record[5],
            Place = new ZipPlace(headerAt, packed, length, Method: U16(record, 10), Checksum: (uint)U32(record, 16), Flags: U16(record, 8)),
        };
    }

    /// <summary>Takes a number of 64 bits from the extra field if its place in the record says so.</summary>
    private static long Wide(long narrow, ref ReadOnlySpan<byte> field)
    {
        if (narrow != uint.MaxValue || field.Length < 8)
            return narrow;
        long wide = I64(field, 0);
        field = field[8..];
        return wide;
    }

    /// <summary>Reads the name of Info-ZIP's extra field. It counts only if it belongs to the name beside it.</summary>
    private static string? ReadUnicodeName(ReadOnlySpan<byte> field, ReadOnlySpan<byte> name) =>
        field.Length > 5 && field[0] == 1 && (uint)U32(field, 1) == Crc32.HashToUInt32(name) && ZipNames.TryDecodeUtf8(field[5..], out string? text) ? text : null;

    /// <summary>Refuses entries that overlap: they let a small zip unpack to petabytes.</summary>
    private static void ThrowIfBomb(string zip, List<ZipEntry> entries, long zipBytes)
    {
        long left = zipBytes;
        foreach (ZipPlace place in entries.Select(entry => entry.Place))
        {
            if (place.PackedBytes < 0 || place.PackedBytes > left)
                throw new RejectedFileException($"{zip} is cut short, damaged or a zip bomb: its files overlap or are longer than the zip. Copy or zip it again.");
            left -= place.PackedBytes;
        }
    }

    private static RejectedFileException Damaged(string zip, string reason) => new($"{zip} is cut short or damaged: {reason}. Copy or zip it again.");

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static long U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    /// <summary>Where the directory is, in bytes from the zip's start, and how many files it lists.</summary>
    private sealed record End(long Count, long Bytes, long Start, long Limit);
}
