using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>How a row repeats earlier rows.</summary>
internal enum RowRepetition
{
    /// <summary>No earlier row has the same image.</summary>
    None,

    /// <summary>An earlier row has the same image with other labels.</summary>
    SameImage,

    /// <summary>An earlier row has the same image and labels.</summary>
    SameRow,
}

/// <summary>Remembers rows by their hashes: 128 bits for the image, 64 bits for the labels.</summary>
internal sealed class DuplicateRows
{
    private readonly Dictionary<UInt128, ulong> _firstLabels = [];
    private readonly HashSet<(UInt128 Image, ulong Labels)> _otherLabels = [];

    /// <summary>Compares a row with the earlier rows, and remembers it.</summary>
    /// <param name="image">XXH128 of the row's pixels.</param>
    /// <param name="coordinates">The row's coordinates. All NaNs must have the same bits.</param>
    public RowRepetition Add(UInt128 image, ReadOnlySpan<float> coordinates)
    {
        ulong labels = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(coordinates));
        if (_firstLabels.TryAdd(image, labels))
            return RowRepetition.None;
        return _firstLabels[image] == labels || !_otherLabels.Add((image, labels)) ? RowRepetition.SameRow : RowRepetition.SameImage;
    }
}
