using System.Globalization;
using System.Text.Json.Serialization;

namespace KeypointPipeline.Keypoints;

/// <summary>Size of a frame in pixels.</summary>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
public sealed record FrameSize(int Width, int Height)
{
    /// <summary>Gets the number of pixels, width × height.</summary>
    [JsonIgnore]
    public int Pixels => Width * Height;

    /// <summary>Gets whether both sides lie in the range that <see cref="KeypointSchema"/> allows.</summary>
    [JsonIgnore]
    public bool IsSupported => IsSupportedSide(Width) && IsSupportedSide(Height);

    /// <summary>Returns the square frame with this number of pixels, or null if the number is not a square.</summary>
    public static FrameSize? Square(int pixels)
    {
        int side = (int)Math.Sqrt(pixels);
        return side * side == pixels ? new FrameSize(side, side) : null;
    }

    /// <summary>Parses <c>widthxheight</c>, for example <c>96x96</c>. Returns null if the text has another form.</summary>
    public static FrameSize? Parse(ReadOnlySpan<char> text)
    {
        int x = text.IndexOfAny('x', 'X');
        return x >= 0
            && int.TryParse(text[..x], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            && int.TryParse(text[(x + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            ? new FrameSize(width, height)
            : null;
    }

    /// <summary>Formats the size, for example <c>96×96</c>.</summary>
    public override string ToString() => $"{Width}×{Height}";

    private static bool IsSupportedSide(int side) => side is >= KeypointSchema.MinimumFrame and <= KeypointSchema.MaximumFrame;
}
