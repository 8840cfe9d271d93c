using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace KeypointPipeline.TestSupport;

/// <summary>Writes zips as other programs do: names in any bytes, any host, flag and method, 64-bit sizes.</summary>
public static class RawZip
{
    /// <summary>Writes a zip.</summary>
    /// <param name="files">Its files.</param>
    /// <param name="wide">Whether sizes and places are stated in 64 bits.</param>
    /// <param name="behind">Bytes that follow the end record.</param>
    public static byte[] Write(IEnumerable<RawZipFile> files, bool wide = false, byte[]? behind = null)
    {
        using var zip = new MemoryStream();
        using var directory = new MemoryStream();
        using var to = new BinaryWriter(zip);
        using var list = new BinaryWriter(directory);
        int count = 0;
        foreach (RawZipFile file in files)
        {
            byte[] packed = file.Pack();
            uint checksum = Crc32.HashToUInt32(file.Content);
            long at = zip.Position;
            WriteHeader(to, "PK\u0003\u0004"u8, file, checksum, packed.Length, wide: false, extra: []);
            to.Write(file.Name);
            to.Write(packed);

            byte[] extra = [.. wide ? Wide(file.Content.Length, packed.Length, at) : [], .. file.Extra];
            WriteHeader(list, [.. "PK\u0001\u0002"u8, 63, file.Host], file, checksum, packed.Length, wide, extra);
            list.Write((ushort)0); // length of the comment
            list.Write((ushort)0); // disk
            list.Write((ushort)0);
            list.Write(0);
            list.Write(wide ? uint.MaxValue : (uint)at);
            list.Write(file.Name);
            list.Write(extra);
            count++;
        }

        WriteEnd(to, directory.ToArray(), zip.Position, count, wide);
        to.Write(behind ?? []);
        return zip.ToArray();
    }

    /// <summary>Info-ZIP's extra field of a name in Unicode.</summary>
    /// <param name="name">The name.</param>
    /// <param name="beside">The bytes that it belongs to.</param>
    public static byte[] UnicodeName(string name, byte[] beside)
    {
        byte[] text = Encoding.UTF8.GetBytes(name);
        byte[] field = [0x75, 0x70, (byte)(text.Length + 5), 0, 1, 0, 0, 0, 0, .. text];
        BinaryPrimitives.WriteUInt32LittleEndian(field.AsSpan(5), Crc32.HashToUInt32(beside));
        return field;
    }

    private static byte[] Wide(long length, long packed, long at)
    {
        byte[] field = new byte[28];
        field[0] = 1;
        field[2] = 24;
        BinaryPrimitives.WriteInt64LittleEndian(field.AsSpan(4), length);
        BinaryPrimitives.WriteInt64LittleEndian(field.AsSpan(12), packed);
        BinaryPrimitives.WriteInt64LittleEndian(field.AsSpan(20), at);
        return field;
    }

    private static void WriteHeader(BinaryWriter to, ReadOnlySpan<byte> start, RawZipFile file, uint checksum, int packed, bool wide, byte[] extra)
    {
        to.Write(start);
        to.Write((ushort)20); // version needed
        to.Write(file.Flags);
        to.Write(file.Method);
        to.Write(0x5A21_6000); // a time
        to.Write(checksum);
        to.Write(wide ? uint.MaxValue : (uint)packed);
        to.Write(wide ? uint.MaxValue : (uint)file.Content.Length);
        to.Write((ushort)file.Name.Length);
        to.Write((ushort)extra.Length);
    }

    private static void WriteEnd(BinaryWriter to, byte[] directory, long at, int count, bool wide)
    {
        to.Write(directory);
        if (wide)
        {
            to.Write("PK\u0006\u0006"u8);
            to.Write(44L);
            to.Write(0x002D_002D); // versions
            to.Write(0L); // disks
            to.Write((long)count);
            to.Write((long)count);
            to.Write((long)directory.Length);
            to.Write(at);
            to.Write("PK\u0006\u0007"u8);
            to.Write(0);
            to.Write(at + directory.Length);
            to.Write(1);
        }

        to.Write("PK\u0005\u0006"u8);
        to.Write(0);
        ushort stated = wide ? ushort.MaxValue : (ushort)count; // modulo 65,536, as macOS writes it
        to.Write(stated);
        to.Write(stated);
        to.Write(wide ? uint.MaxValue : (uint)directory.Length);
        to.Write(wide ? uint.MaxValue : (uint)at);
        to.Write((ushort)0);
    }
}

/// <summary>A file of a <see cref="RawZip"/>.</summary>
/// <param name="Name">The bytes of its name.</param>
/// <param name="Content">Its unpacked bytes.</param>
public sealed record RawZipFile(byte[] Name, byte[] Content)
{
    /// <summary>Name in ASCII.</summary>
    public RawZipFile(string name, byte[] content)
        : this(Encoding.ASCII.GetBytes(name), content)
    {
    }

    /// <summary>System of the program that zipped; 3 is Unix.</summary>
    public byte Host { get; init; } = 3;

    /// <summary>Flags: 1 for encrypted, 0x800 for a name in UTF-8.</summary>
    public ushort Flags { get; init; }

    /// <summary>Method: 0 stores, 8 deflates. With 9, the content must be one that Deflate and Deflate64 pack alike. Others store.</summary>
    public ushort Method { get; init; } = 8;

    /// <summary>Further extra fields of the directory.</summary>
    public byte[] Extra { get; init; } = [];

    /// <summary>The packed bytes.</summary>
    internal byte[] Pack()
    {
        if (Method is not (8 or 9))
            return Content;
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(Content);
        return packed.ToArray();
    }
}
