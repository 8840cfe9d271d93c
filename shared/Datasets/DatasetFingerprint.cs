using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Datasets;

/// <summary>Derives a dataset's id from its prepared content: SHA-256 over schema, image hashes, keypoints and split keys in row order,
/// and over the mirror pairs if a person stated others than the names do. If the pictures are files, also over the framing, and over image
/// key, states and place of each row. The id does not depend on how the file was packed, quoted or named.</summary>
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

    /// <summary>Adds what the row added last has beside pixels and coordinates because its picture is a file.</summary>
    /// <param name="imageKey">The row's image key: see <see cref="ImageKey"/>.</param>
    /// <param name="framed">What the row has.</param>
    public void Add(ulong imageKey, FramedRow framed)
    {
        Span<byte> numbers = stackalloc byte[sizeof(ulong) + (3 * sizeof(double))];
        BinaryPrimitives.WriteUInt64LittleEndian(numbers, imageKey);
        BinaryPrimitives.WriteDoubleLittleEndian(numbers[sizeof(ulong)..], framed.Place.Scale);
        BinaryPrimitives.WriteDoubleLittleEndian(numbers[(2 * sizeof(ulong))..], framed.Place.Left);
        BinaryPrimitives.WriteDoubleLittleEndian(numbers[(3 * sizeof(ulong))..], framed.Place.Top);
        _rows.AppendData(numbers);
        _rows.AppendData(MemoryMarshal.AsBytes<LabelState>(framed.States));
    }

    /// <summary>Returns the id of all rows added: <c>ds-</c> and 16 hexadecimal digits.</summary>
    /// <param name="schema">Keypoints and frame.</param>
    /// <param name="framing">How instances became frames; null if the rows' pixels are the frames.</param>
    public string ToId(KeypointSchema schema, Framing? framing)
    {
        string header = $"{schema.FrameWidth} {schema.FrameHeight}\n{string.Join('\n', schema.Names)}";
        if (MustSayMirror(schema))
            header += $"\n\nmirror {schema.MirrorKey}";
        if (framing is not null)
            header += $"\n\nframing {JsonSerializer.Serialize(framing, PipelineJson.Compact)}";
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
