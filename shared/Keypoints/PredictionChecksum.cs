using System.Buffers.Binary;
using System.IO.Hashing;

namespace KeypointPipeline.Keypoints;

/// <summary>The checksum that is written beside predicted points. It tells a prediction that comes back as a label from points that a person
/// moved, cleared or exchanged.</summary>
/// <remarks>It is the letter <c>c</c> and the XXH64 of the points that have a position, in order, in whole thousandths of a pixel. So <c>1.5</c>
/// and <c>1.500</c> agree, and columns without any position, as several files together have them, change nothing. The letter keeps
/// spreadsheets from reading a number. It must stay as it is: files that people keep hold it.</remarks>
internal static class PredictionChecksum
{
    private const int BytesPerPoint = 2 * sizeof(long);
    private const int MostPointsOnStack = 128;

    /// <summary>Computes the checksum.</summary>
    /// <param name="points">K·2 coordinates (x, y) in pixels. A point is missing if one of the two is no finite number.</param>
    public static string Of(ReadOnlySpan<float> points)
    {
        int most = points.Length / 2;
        Span<byte> bytes = most <= MostPointsOnStack ? stackalloc byte[most * BytesPerPoint] : new byte[most * BytesPerPoint];
        int length = 0;
        for (int i = 0; i + 1 < points.Length; i += 2)
        {
            if (!float.IsFinite(points[i]) || !float.IsFinite(points[i + 1]))
                continue;
            BinaryPrimitives.WriteInt64LittleEndian(bytes[length..], Thousandths(points[i]));
            BinaryPrimitives.WriteInt64LittleEndian(bytes[(length + sizeof(long))..], Thousandths(points[i + 1]));
            length += BytesPerPoint;
        }

        return $"c{XxHash64.HashToUInt64(bytes[..length]):x16}";
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{float})"/>
    /// <remarks>Coordinates are rounded to single precision first, because labels are read in it.</remarks>
    public static string Of(IReadOnlyList<double?> points)
    {
        Span<float> single = points.Count <= 2 * MostPointsOnStack ? stackalloc float[points.Count] : new float[points.Count];
        for (int i = 0; i < single.Length; i++)
            single[i] = (float?)points[i] ?? float.NaN;
        return Of(single);
    }

    /// <summary>Whether a row is a prediction that nobody changed or confirmed. Such a row is never a label.</summary>
    /// <param name="origin">The model version that the row states. A person who confirms the points empties it.</param>
    /// <param name="checksum">The checksum that the row states.</param>
    /// <param name="points">The row's points.</param>
    public static bool IsUnchanged(string? origin, string? checksum, ReadOnlySpan<float> points) =>
        !string.IsNullOrWhiteSpace(origin) && !string.IsNullOrWhiteSpace(checksum)
        && checksum.AsSpan().Trim().Equals(Of(points), StringComparison.OrdinalIgnoreCase);

    private static long Thousandths(float coordinate) => (long)Math.Round(coordinate * 1000.0);
}
