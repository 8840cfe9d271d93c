using System.Buffers.Binary;

namespace KeypointPipeline.Datasets.Unpacking;

/// <summary>The CRC-32 of gzip and zip (RFC 1952, section 8), eight bytes a step over eight tables ("slicing-by-8", Kounavis and
/// Berry 2005). .NET's own readers do not compare it, so a damaged file would go unnoticed.</summary>
internal struct Crc32
{
    private const int Slices = 8;
    private static readonly uint[] Table = CreateTable();
    private uint _complement;

    /// <summary>The checksum of all that was appended.</summary>
    public readonly uint Value => _complement;

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint[] table = Table;
        uint crc = ~_complement;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            uint low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = table[(7 * 256) + (byte)low] ^ table[(6 * 256) + (byte)(low >> 8)]
                ^ table[(5 * 256) + (byte)(low >> 16)] ^ table[(4 * 256) + (int)(low >> 24)]
                ^ table[(3 * 256) + (byte)high] ^ table[(2 * 256) + (byte)(high >> 8)]
                ^ table[256 + (byte)(high >> 16)] ^ table[(int)(high >> 24)];
        }

        foreach (byte value in bytes)
            crc = table[(byte)(crc ^ value)] ^ (crc >> 8);
        _complement = ~crc;
    }

    private static uint[] CreateTable()
    {
        const uint Polynomial = 0xEDB88320;
        var table = new uint[Slices * 256];
        for (uint value = 0; value < 256; value++)
        {
            uint crc = value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            table[value] = crc;
        }

        for (int i = 256; i < table.Length; i++)
            table[i] = (table[i - 256] >> 8) ^ table[(byte)table[i - 256]];
        return table;
    }
}
