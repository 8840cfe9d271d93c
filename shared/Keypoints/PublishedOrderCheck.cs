namespace KeypointPipeline.Keypoints;

/// <summary>Checks numbered points against the published order with as many points, row by row in constant memory. The order counts only
/// if the labels agree: each pair lies left and right, and each other point near the middle, in nearly all upright rows.</summary>
/// <remarks>A row is upright if the mean of the order's lower points (the mouth) lies below that of the upper ones (the eyes), within 30°
/// of straight down. Left and right are measured across that direction, so a tilted head agrees too.</remarks>
public sealed class PublishedOrderCheck
{
    /// <summary>The share of upright rows in which a pair must lie left and right.</summary>
    public const double PairShare = 0.95;

    /// <summary>The share of upright rows in which a single point must lie near the middle. Heads that turn away move the nose.</summary>
    private const double MiddleShare = 0.8;

    /// <summary>How far from the middle a single point may lie, as a share of the widest pair's distance.</summary>
    private const double MiddleWidth = 0.25;

    /// <summary>The smallest number of upright rows, and of labels of each pair in them.</summary>
    private const int FewestRows = 20;

    /// <summary>The smallest share of the rows with upper and lower points that must be upright.</summary>
    private const double UprightShare = 0.5;

    /// <summary>The tangent of 30°.</summary>
    private const double LargestTilt = 0.577;

    private readonly PublishedOrder _order;
    private readonly IReadOnlyList<string> _names;
    private readonly int[] _indices;
    private readonly int[] _singles;
    private readonly (long Agree, long All)[] _pairs;
    private readonly (long Agree, long All)[] _middles;
    private long _rows;
    private long _upright;

    private PublishedOrderCheck(PublishedOrder order, IReadOnlyList<string> names, int[] indices)
    {
        _order = order;
        _names = names;
        _indices = indices;
        _singles = [.. Enumerable.Range(0, order.Count).Except(order.Pairs.SelectMany(pair => new[] { pair.Left, pair.Right }))];
        _pairs = new (long, long)[order.Pairs.Count];
        _middles = new (long, long)[_singles.Length];
    }

    /// <summary>Starts a check if the names only number the points and a published order has as many points; else returns null.</summary>
    public static PublishedOrderCheck? For(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return PublishedOrder.Find(names) is { } found ? new PublishedOrderCheck(found.Order, names, found.Indices) : null;
    }

    /// <summary>Looks at a row.</summary>
    /// <param name="coordinates">K·2 coordinates, x and y of each keypoint; NaN = missing.</param>
    public void Add(ReadOnlySpan<float> coordinates)
    {
        (double x, double y) = Mean(coordinates, _order.Lower);
        (double upperX, double upperY) = Mean(coordinates, _order.Upper);
        (double downX, double downY) = (x - upperX, y - upperY);
        if (double.IsNaN(downX))
            return;
        _rows++;
        if (downY <= 0 || Math.Abs(downX) > LargestTilt * downY)
            return;
        _upright++;
        double middle = AddPairs(coordinates, (downY, -downX), out double width);
        for (int i = 0; i < _singles.Length; i++)
        {
            double away = Math.Abs(Across(coordinates, _singles[i], (downY, -downX)) - middle);
            if (!double.IsNaN(away))
                Count(ref _middles[i], away <= MiddleWidth * width);
        }
    }

    /// <summary>Returns the pairs if the labels agree with the order, else null and the reason.</summary>
    /// <param name="objection">If the order does not count: why, as a sentence for a report.</param>
    public MirrorPairs? Find(out string? objection)
    {
        objection = Objection() is string reason
            ? $"The {_order.Count} points are only numbered, and the order {_order.Name} has as many, but the labels do not confirm it: {reason}."
            : null;
        return objection is null
            ? new MirrorPairs(_order.Name, [.. _order.Pairs.Select(pair => new MirrorPair(Name(pair.Left), Name(pair.Right)))])
            : null;
    }

    private string? Objection()
    {
        if (_upright < Math.Max(FewestRows, UprightShare * _rows))
            return $"{_upright:N0} of {_rows:N0} rows are upright, and at least {FewestRows} and half of them are needed";
        for (int i = 0; i < _pairs.Length; i++)
        {
            string pair = $"{Name(_order.Pairs[i].Left)} and {Name(_order.Pairs[i].Right)}";
            if (_pairs[i].All < FewestRows)
                return $"{pair} are both labelled in {_pairs[i].All:N0} upright rows, and at least {FewestRows} are needed";
            if (_pairs[i].Agree < PairShare * _pairs[i].All)
                return $"{pair} lie left and right in {Share(_pairs[i]):P0} of {_pairs[i].All:N0} upright rows, and {PairShare:P0} are needed";
        }

        int single = Array.FindIndex(_middles, middle => middle.Agree < MiddleShare * middle.All);
        return single < 0
            ? null
            : $"{Name(_singles[single])} lies near the middle in {Share(_middles[single]):P0} of {_middles[single].All:N0} upright rows, and {MiddleShare:P0} are needed";
    }

    /// <summary>Counts the row's pairs. Returns the mean of their middles across the row's direction; NaN without pairs.</summary>
    private double AddPairs(ReadOnlySpan<float> coordinates, (double X, double Y) direction, out double width)
    {
        double sum = 0;
        int count = 0;
        width = 0;
        for (int i = 0; i < _pairs.Length; i++)
        {
            double left = Across(coordinates, _order.Pairs[i].Left, direction);
            double right = Across(coordinates, _order.Pairs[i].Right, direction);
            if (double.IsNaN(left + right))
                continue;
            Count(ref _pairs[i], left < right);
            width = Math.Max(width, Math.Abs(right - left));
            sum += (left + right) / 2;
            count++;
        }

        return sum / count;
    }

    private (double X, double Y) Mean(ReadOnlySpan<float> coordinates, IReadOnlyList<int> points)
    {
        double x = 0;
        double y = 0;
        foreach (int point in points)
        {
            x += coordinates[2 * _indices[point]];
            y += coordinates[(2 * _indices[point]) + 1];
        }

        return (x / points.Count, y / points.Count);
    }

    private double Across(ReadOnlySpan<float> coordinates, int point, (double X, double Y) direction) =>
        (coordinates[2 * _indices[point]] * direction.X) + (coordinates[(2 * _indices[point]) + 1] * direction.Y);

    private string Name(int point) => _names[_indices[point]];

    private static void Count(ref (long Agree, long All) count, bool agrees) => count = (count.Agree + (agrees ? 1 : 0), count.All + 1);

    private static double Share((long Agree, long All) count) => (double)count.Agree / count.All;
}
