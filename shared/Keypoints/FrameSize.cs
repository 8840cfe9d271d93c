using System.Globalization;
using System.Text.Json.Serialization;

namespace KeypointPipeline.Keypoints;

/// <summary>Size of a frame in pixels.</summary>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
public sealed record FrameSize(int Width, int Height)
{
    /// <summary>Width × height.</summary>
    [JsonIgnore]
    public int Pixels => Width * Height;

    /// <summary>Whether both sides are within what a <see cref="KeypointSchema"/> allows.</summary>
    [JsonIgnore]
    public bool IsSupported => IsSupportedSide(Width) && IsSupportedSide(Height);

    /// <summary>The square frame of that many pixels, if there is one.</summary>
    public static FrameSize? Square(int pixels)
    {
        int side = (int)Math.Sqrt(pixels);
        return side * side == pixels ? new FrameSize(side, side) : null;
    }

    /// <summary>Reads <c>96x96</c>: width, <c>x</c>, height; null where the text is something else.</summary>
    public static FrameSize? Parse(ReadOnlySpan<char> text)
    {
        int x = text.IndexOfAny('x', 'X');
        return x >= 0
            && int.TryParse(text[..x], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            && int.TryParse(text[(x + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            ? new FrameSize(width, height)
            : null;
    }

    /// <summary>Such as <c>96×96</c>.</summary>
    public override string ToString() => $"{Width}×{Height}";

    private static bool IsSupportedSide(int side) => side is >= KeypointSchema.MinimumFrame and <= KeypointSchema.MaximumFrame;
}
