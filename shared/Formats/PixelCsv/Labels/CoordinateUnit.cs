using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv.Labels;

/// <summary>The unit of a file's coordinates.</summary>
internal enum CoordinateUnit
{
    /// <summary>Pixels of the row's image, pixel centres at integers.</summary>
    Pixels,

    /// <summary>Shares of the row's image, 0 to 1.</summary>
    ZeroToOne,

    /// <summary>-1 at the left or upper side of the row's image, 1 at the other.</summary>
    MinusOneToOne,
}

/// <summary>Names and formulas of the units.</summary>
internal static class CoordinateUnits
{
    /// <summary>What a sidecar calls the units.</summary>
    public static IReadOnlyDictionary<string, CoordinateUnit> Names { get; } = new Dictionary<string, CoordinateUnit>(StringComparer.OrdinalIgnoreCase)
    {
        ["pixels"] = CoordinateUnit.Pixels,
        ["0..1"] = CoordinateUnit.ZeroToOne,
        ["-1..1"] = CoordinateUnit.MinusOneToOne,
    };

    /// <summary>Returns how a unit becomes pixels, in words.</summary>
    public static string Formula(this CoordinateUnit unit) => unit switch
    {
        CoordinateUnit.ZeroToOne => "x · width and y · height",
        CoordinateUnit.MinusOneToOne => "(x + 1) · width / 2 and (y + 1) · height / 2",
        _ => "x and y",
    };

    /// <summary>Converts labels to pixels. It reverses <c>x / width</c> and <c>(x - width/2) / (width/2)</c>, as notebooks write them.</summary>
    /// <param name="unit">The unit of the labels.</param>
    /// <param name="coordinates">The labels, K·2. NaN stays NaN.</param>
    /// <param name="frame">Size of the row's image.</param>
    public static void ToPixels(this CoordinateUnit unit, Span<float> coordinates, FrameSize frame)
    {
        if (unit == CoordinateUnit.Pixels)
            return;
        for (int i = 0; i < coordinates.Length; i++)
        {
            if (float.IsNaN(coordinates[i]))
                continue;
            int side = i % 2 == 0 ? frame.Width : frame.Height;
            double share = unit == CoordinateUnit.ZeroToOne ? coordinates[i] : (coordinates[i] + 1.0) / 2;

            // Adding 0 turns -0 into 0: see TableNumbers.Parse.
            coordinates[i] = (float)(share * side) + 0f;
        }
    }
}
