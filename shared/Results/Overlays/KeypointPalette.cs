using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Results.Overlays;

/// <summary>A colour for every keypoint. A mirrored pair shares one hue, light on the left and dark on the right. With the dots' thin
/// dark rim, the colours are bright enough for any picture.</summary>
public sealed class KeypointPalette
{
    /// <summary>The colour of the box of a doubtful instance.</summary>
    public const string Doubt = "#ffb000";

    private readonly string[] _colours;

    /// <summary>Chooses the colours.</summary>
    /// <param name="schema">The keypoints.</param>
    public KeypointPalette(KeypointSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        Schema = schema;
        _colours = new string[schema.Count];
        var order = new List<int>();
        int[] parts = [.. Enumerable.Range(0, schema.Count).Where(k => schema.MirrorMap[k] >= k)];
        for (int part = 0; part < parts.Length; part++)
        {
            int first = parts[part];
            int second = schema.MirrorMap[first];
            double hue = 360.0 * part / parts.Length;
            _colours[first] = first == second ? Hex(hue, 0.95, 0.64) : Hex(hue, 1.00, 0.80);
            order.Add(first);
            if (first == second)
                continue;
            _colours[second] = Hex(hue, 0.95, 0.52);
            order.Add(second);
        }

        Order = order;
    }

    /// <summary>The keypoints.</summary>
    public KeypointSchema Schema { get; }

    /// <summary>All keypoints in the order of a legend: mirrored pairs side by side.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>A keypoint's colour, such as <c>#ff8800</c>.</summary>
    /// <param name="keypoint">Its index in the schema.</param>
    public string this[int keypoint] => _colours[keypoint];

    /// <summary>Converts hue (degrees), saturation and lightness (0 to 1).</summary>
    private static string Hex(double hue, double saturation, double lightness)
    {
        double chroma = saturation * Math.Min(lightness, 1 - lightness);
        return $"#{Channel(0):x2}{Channel(8):x2}{Channel(4):x2}";

        int Channel(double n)
        {
            double k = (n + (hue / 30)) % 12;
            return (int)Math.Round(255 * (lightness - (chroma * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1)))));
        }
    }
}
