using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets;

/// <summary>Derives a dataset's id from its prepared content: SHA-256 over schema, image hashes, keypoints and split keys in row order,
/// and over the mirror pairs if a person stated others than the names do. The id does not depend on how the file was packed, quoted or named.</summary>
internal sealed class DatasetFingerprint : IDisposable
{
    private const int IdBytes = 8;
    private const int ImageHashBytes = 16;
    private readonly IncrementalHash _rows = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds a row.</summary>
    /// <param name="imageHash">XXH128 of the row's pixels.</param>
    /// <param name="coordinates">The row's coordinates.</param>
    /// <param name="splitKey">The row's split key.</param>
    public void Add(UInt128 imageHash, ReadOnlySpan<float> coordinates, ulong splitKey)
    {
        Span<byte> numbers = stackalloc byte[ImageHashBytes + sizeof(ulong)];
        BinaryPrimitives.WriteUInt128LittleEndian(numbers, imageHash);
        BinaryPrimitives.WriteUInt64LittleEndian(numbers[ImageHashBytes..], splitKey);
        _rows.AppendData(numbers);
        _rows.AppendData(MemoryMarshal.AsBytes(coordinates));
    }

    /// <summary>Returns the id of all rows added: <c>ds-</c> and 16 hexadecimal digits.</summary>
    public string ToId(KeypointSchema schema)
    {
        string header = $"{schema.FrameWidth} {schema.FrameHeight}\n{string.Join('\n', schema.Names)}";
        if (MustSayMirror(schema))
            header += $"\n\nmirror {schema.MirrorKey}";
        byte[] whole = [.. SHA256.HashData(Encoding.UTF8.GetBytes(header)), .. _rows.GetCurrentHash()];
        return $"ds-{Convert.ToHexStringLower(SHA256.HashData(whole).AsSpan(0, IdBytes))}";
    }

    /// <summary>Whether a person's statement can differ from what the rows themselves would give. Ids without statement stay as earlier
    /// versions made them.</summary>
    private static bool MustSayMirror(KeypointSchema schema) => schema.Mirror.Source == MirrorPairs.User
        && (PublishedOrderCheck.For(schema.Names) is not null || schema.MirrorKey != schema.WithMirror(MirrorPairs.FromNames(schema.Names)).MirrorKey);

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();
}
