using System.Globalization;

namespace KeypointPipeline.Images.Placing;

/// <summary>Looks at all usable instances of a labelled set, chooses the framing and computes the shape. Memory is bounded: shape and sizes
/// come from an even sample of the instances.</summary>
/// <param name="names">Keypoint names, in the order of the points.</param>
internal sealed class FramingSurvey(IReadOnlyList<string> names)
{
    /// <summary>If the framed points are smaller than this share of the picture's shorter side, framing the whole picture would waste the
    /// frame.</summary>
    public const double WholeShare = 0.6;

    private const int SampleSize = 1_024;

    // Complete instances have a sample of their own, because they can be rare.
    private readonly EvenSample<Instance> _complete = new(SampleSize);
    private readonly EvenSample<Instance> _partial = new(SampleSize);
    private long _instances;
    private long _boxes;
    private bool _hasSeveral;

    /// <summary>Adds a usable instance.</summary>
    /// <param name="points">K·2 coordinates in pixels; NaN if unknown.</param>
    /// <param name="box">Its box, or null.</param>
    /// <param name="picture">Size of its picture in pixels, or null if it is unknown. A few known sizes are enough.</param>
    /// <param name="isAlone">Whether it is the only instance of its picture.</param>
    public void Add(ReadOnlySpan<float> points, PictureBox? box, (int Width, int Height)? picture, bool isAlone)
    {
        _instances++;
        _boxes += box is null ? 0 : 1;
        _hasSeveral |= !isAlone;
        EvenSample<Instance> sample = IsComplete(points) ? _complete : _partial;
        if (sample.Takes())
            sample.Add(new Instance(points.ToArray(), picture));
    }

    /// <summary>Chooses the framing.</summary>
    /// <param name="statement">What the user states, or null.</param>
    public FramingChoice Choose(FramingStatement? statement)
    {
        List<Instance> sample = [.. _complete.Items, .. _partial.Items];
        FramingShape? shape = MeanShape.Of([.. sample.Select(instance => instance.Points)]) is double[] mean ? new FramingShape(names, mean) : null;
        if (statement is not null)
            return new FramingChoice(Stated(statement, shape), Contradiction(statement));
        if (_instances > 0 && _boxes == _instances)
            return new FramingChoice(new Framing(FramingKind.Box), "Framing: by box, because every instance has one.");

        double? share = MedianShare(sample, shape);
        var points = new Framing(FramingKind.Points, Framing.PointsMargin, shape);
        if (_hasSeveral)
            return new FramingChoice(points, $"Framing: {points.Describe()}, because some pictures have several instances.");
        if (share is null or >= WholeShare)
        {
            string reason = share is null ? "because nothing else is known" : $"because the points fill {Percent(share.Value)} of the picture's shorter side (median)";
            return new FramingChoice(Framing.Whole, $"Framing: the whole picture, {reason}.");
        }

        return new FramingChoice(points, $"Framing: {points.Describe()}, because they fill only {Percent(share.Value)} of the picture's shorter side (median).");
    }

    private static bool IsComplete(ReadOnlySpan<float> points)
    {
        foreach (float value in points)
        {
            if (float.IsNaN(value))
                return false;
        }

        return true;
    }

    /// <summary>The framing of a statement. Shape and points are needed for instances without a box.</summary>
    private Framing Stated(FramingStatement statement, FramingShape? shape) => statement.Kind switch
    {
        FramingKind.Box => new Framing(FramingKind.Box, statement.Margin ?? 1, _boxes == _instances ? null : shape),
        FramingKind.Points => new Framing(FramingKind.Points, statement.Margin ?? Framing.PointsMargin, shape),
        _ => Framing.Whole,
    };

    private string? Contradiction(FramingStatement statement) => statement.Kind == FramingKind.Box && _boxes < _instances
        ? string.Create(CultureInfo.InvariantCulture, $"Framing: by box is stated, and {_instances - _boxes:N0} of {_instances:N0} instances have none. Their frames are taken from their points, enlarged by {Framing.PointsMargin}.")
        : null;

    /// <summary>Returns the median of the framed points' longer side by the picture's shorter side, or null if no size is known.</summary>
    private static double? MedianShare(List<Instance> sample, FramingShape? shape)
    {
        double[] shares =
        [
            .. sample
                .Where(instance => instance.Picture is not null)
                .Select(instance => FramePlace.ExtentOf(shape, instance.Points).Longer * Framing.PointsMargin / Math.Min(instance.Picture!.Value.Width, instance.Picture.Value.Height))
                .Where(share => share > 0)
                .Order(),
        ];
        return shares.Length == 0 ? null : shares[shares.Length / 2];
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share / Framing.PointsMargin:0} %");

    private sealed record Instance(float[] Points, (int Width, int Height)? Picture);
}

/// <summary>A chosen framing.</summary>
/// <param name="Framing">The framing.</param>
/// <param name="Note">What was guessed and why, in a whole sentence, or null if everything is stated.</param>
internal sealed record FramingChoice(Framing Framing, string? Note);
