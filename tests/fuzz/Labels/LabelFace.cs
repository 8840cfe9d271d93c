using System.Globalization;

namespace KeypointPipeline.Fuzz.Tests.Labels;

/// <summary>A labelled picture of a seed: one instance in pixels.</summary>
/// <param name="Picture">File name.</param>
/// <param name="X">Column of each keypoint.</param>
/// <param name="Y">Line of each keypoint.</param>
internal sealed record LabelFace(string Picture, double[] X, double[] Y)
{
    /// <summary>Sides of the pictures.</summary>
    public const int Width = 40;

    /// <summary>See <see cref="Width"/>.</summary>
    public const int Height = 32;

    /// <summary>Draws the instances of a few pictures; now and then one picture has two.</summary>
    /// <param name="random">Draws.</param>
    /// <param name="points">Number of keypoints.</param>
    public static LabelFace[] Draw(Random random, int points)
    {
        int pictures = random.Next(2, 5);
        return
        [
            .. Enumerable.Range(0, pictures + random.Next(2)).Select(i => new LabelFace(
                $"{(char)('a' + (i % pictures))}.png",
                [.. Enumerable.Range(0, points).Select(_ => Math.Round(2 + (random.NextDouble() * (Width - 4)), 1))],
                [.. Enumerable.Range(0, points).Select(_ => Math.Round(2 + (random.NextDouble() * (Height - 4)), 1))])),
        ];
    }

    /// <summary>Coordinates in the order x, y, x, y, each times a factor.</summary>
    public string Pairs(string separator, double factorX = 1, double factorY = 1) => string.Join(
        separator, X.Select((x, k) => $"{Text(x * factorX)}{separator}{Text(Y[k] * factorY)}"));

    /// <summary>Formats a number.</summary>
    public static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
