using System.Globalization;
using System.Runtime.InteropServices;

namespace KeypointPipeline.Formats.PixelCsv.Labels;

/// <summary>A point that files write for a keypoint that is not labelled.</summary>
/// <param name="X">Its x as it stands in the file.</param>
/// <param name="Y">Its y as it stands in the file.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MissingMark(float X, float Y)
{
    /// <summary>What COCO and <c>fillna(0)</c> write.</summary>
    public static MissingMark Zero { get; } = new(0, 0);

    /// <summary>What many notebooks and labelling tools write.</summary>
    public static MissingMark MinusOne { get; } = new(-1, -1);

    /// <summary>Returns whether a point is one of the two usual marks.</summary>
    public static bool IsUsual(float x, float y) => x == y && (x == 0 || x == -1);

    /// <summary>Formats the mark, for example <c>0,0</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X},{Y}");
}
