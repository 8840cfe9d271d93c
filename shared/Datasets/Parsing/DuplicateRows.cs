using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace KeypointPipeline.Datasets.Parsing;

/// <summary>How a row relates to those before it.</summary>
internal enum RowRepetition
{
    /// <summary>Its image is new.</summary>
    None,

    /// <summary>An earlier row has the same image with other labels.</summary>
    SameImage,

    /// <summary>An earlier row has the same image and labels.</summary>
    SameRow,
}

/// <summary>Remembers rows by hashes: 128 bits of the image's SHA-256, 64 of the labels'.</summary>
internal sealed class DuplicateRows
{
    private readonly Dictionary<(ulong, ulong), ulong> _firstLabels = [];
    private readonly HashSet<((ulong, ulong) Image, ulong Labels)> _otherLabels = [];

    /// <summary>Compares a row with those before it, and remembers it.</summary>
    /// <param name="imageDigest">SHA-256 of its pixels.</param>
    /// <param name="coordinates">Its coordinates; every NaN has the same bits.</param>
    public RowRepetition Add(ReadOnlySpan<byte> imageDigest, ReadOnlySpan<float> coordinates)
    {
        Span<byte> labelDigest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(coordinates), labelDigest);
        (ulong, ulong) image = (
            BinaryPrimitives.ReadUInt64LittleEndian(imageDigest), BinaryPrimitives.ReadUInt64LittleEndian(imageDigest[sizeof(ulong)..]));
        ulong labels = BinaryPrimitives.ReadUInt64LittleEndian(labelDigest);
        if (_firstLabels.TryAdd(image, labels))
            return RowRepetition.None;
        return _firstLabels[image] == labels || !_otherLabels.Add((image, labels)) ? RowRepetition.SameRow : RowRepetition.SameImage;
    }
}
