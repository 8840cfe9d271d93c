using KeypointPipeline.Files;

namespace KeypointPipeline.Formats.PixelCsv.Labels;

/// <summary>Counts rows by the range of their coordinates, and finds out whether they are pixels or shares of the frame.</summary>
/// <remarks>Shares are told from real pixel labels by four signs, which real labels in a corner do not have together. All labels of all
/// rows lie within about one pixel of the first. The frames are so large that this is a 256th of their area at most. There are at least
/// ten different points, so it is no small sample. And these ten lie between whole and half pixels, where a person's or a program's
/// labels in pixels seldom lie. Points that are missing marks say nothing and are left out.</remarks>
internal sealed class CoordinateRanges
{
    /// <summary>Labels lie up to a tenth of a side outside the frame (<see cref="DatasetLimits.OutsideFrameShare"/>).</summary>
    private const float Margin = (float)DatasetLimits.OutsideFrameShare;
    private const int SmallestSide = 16;
    private const int EnoughPoints = 10;
    private const int MostNamed = 10;
    private const double FewShare = 0.05;
    private const double MixedShare = 0.01;

    private readonly HashSet<(float X, float Y)> _fine = [];
    private readonly List<string> _firstShares = [];
    private readonly List<string> _firstPixels = [];
    private long _zeroToOne;
    private long _minusOneToOne;
    private long _strays;
    private long _pixels;
    private long _sharesOfMany;
    private long _values;
    private long _negatives;
    private float _least = float.MaxValue;
    private float _most = float.MinValue;

    /// <summary>The kind of a row.</summary>
    private enum Kind
    {
        ZeroToOne,
        MinusOneToOne,
        Stray,
        Pixels,
    }

    private long Shares => _zeroToOne + _minusOneToOne;

    private long Rows => Shares + _strays + _pixels;

    /// <summary>Gets whether every label of the file lies within a pixel or so of the first.</summary>
    public bool AreAllSmall => Shares > 0 && _pixels == 0 && _strays == 0;

    /// <summary>The least and the greatest coordinate of the rows that may be shares, in words.</summary>
    public string Range => $"between {_least:0.##} and {_most:0.##}";

    /// <summary>Adds a row.</summary>
    /// <param name="row">Number of the row.</param>
    /// <param name="coordinates">The coordinates as they stand in the file, K·2.</param>
    public void Add(long row, ReadOnlySpan<float> coordinates)
    {
        int points = 0;
        int small = 0;
        int negative = 0;
        bool isZeroToOne = true;
        for (int i = 0; i < coordinates.Length; i += 2)
        {
            float x = coordinates[i];
            float y = coordinates[i + 1];
            if (float.IsNaN(x) || float.IsNaN(y) || MissingMark.IsUsual(x, y))
                continue;
            points++;
            small += IsMinusOneToOne(x) ? 1 : 0;
            small += IsMinusOneToOne(y) ? 1 : 0;
            negative += x < 0 ? 1 : 0;
            negative += y < 0 ? 1 : 0;
            isZeroToOne &= IsZeroToOne(x) && IsZeroToOne(y);
        }

        if (points == 0)
            return;
        Kind kind = small < 2 * points ? small > points ? Kind.Stray : Kind.Pixels : isZeroToOne ? Kind.ZeroToOne : Kind.MinusOneToOne;
        Count(kind, row);
        if (kind is not (Kind.ZeroToOne or Kind.MinusOneToOne))
            return;
        _sharesOfMany += points > 1 ? 1 : 0;
        _values += 2 * points;
        _negatives += negative;
        for (int i = 0; i < coordinates.Length; i += 2)
        {
            float x = coordinates[i];
            float y = coordinates[i + 1];
            if (float.IsNaN(x) || float.IsNaN(y) || MissingMark.IsUsual(x, y))
                continue;
            _least = MathF.Min(_least, MathF.Min(x, y));
            _most = MathF.Max(_most, MathF.Max(x, y));
            if (_fine.Count < EnoughPoints && (IsFine(x) || IsFine(y)))
                _fine.Add((x, y));
        }
    }

    /// <summary>Finds the unit.</summary>
    /// <param name="smallestSide">The shortest side of the file's images.</param>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="statement">Returns how a person states a unit, for messages.</param>
    /// <exception cref="RejectedFileException">Rows are in several units, or two units are possible.</exception>
    public CoordinateUnit Find(int smallestSide, string file, Func<string, string> statement)
    {
        if (_fine.Count < EnoughPoints || smallestSide < SmallestSide || _strays > FewShare * Rows)
            return CoordinateUnit.Pixels;
        if (_pixels > 0)
        {
            bool isMixed = Shares > _pixels || (_sharesOfMany >= 3 && _sharesOfMany >= MixedShare * Rows);
            return isMixed ? throw Mixed(file, statement) : CoordinateUnit.Pixels;
        }

        if (_minusOneToOne >= Shares / 2.0)
            return CoordinateUnit.MinusOneToOne;
        if (_minusOneToOne <= FewShare * Shares && _negatives <= FewShare * _values)
            return CoordinateUnit.ZeroToOne;
        throw new RejectedFileException(
            $"{file}: the coordinates lie {Range}, so they are not pixels. They may be 0 to 1 or -1 to 1 across the frame. State which: "
            + $"{statement("0..1")} or {statement("-1..1")}.");
    }

    private RejectedFileException Mixed(string file, Func<string, string> statement)
    {
        (long fewer, List<string> first, string these, string others) = Shares > _pixels
            ? (_pixels, _firstPixels, "in pixels", $"shares of the frame ({Range})")
            : (Shares, _firstShares, $"shares of the frame ({Range})", "in pixels");
        return new RejectedFileException(
            $"{file}: the coordinates of {fewer:N0} rows are {these}, those of the other rows are {others}: "
            + $"{(fewer == 1 ? "row" : "rows")} {ShownText.List(first, most: MostNamed)}{(fewer > MostNamed ? $" and {fewer - MostNamed:N0} more" : "")}. "
            + $"Write all of them in one unit. If all are pixels, state {statement("pixels")}.");
    }

    private void Count(Kind kind, long row)
    {
        switch (kind)
        {
            case Kind.ZeroToOne:
                _zeroToOne++;
                break;
            case Kind.MinusOneToOne:
                _minusOneToOne++;
                break;
            case Kind.Stray:
                _strays++;
                return;
            default:
                _pixels++;
                break;
        }

        List<string> first = kind == Kind.Pixels ? _firstPixels : _firstShares;
        if (first.Count < MostNamed)
            first.Add($"{row:N0}");
    }

    private static bool IsZeroToOne(float value) => value is >= -Margin and <= 1 + Margin;

    private static bool IsMinusOneToOne(float value) => value is >= -1 - (2 * Margin) and <= 1 + (2 * Margin);

    /// <summary>Whether a value is no multiple of a half.</summary>
    private static bool IsFine(float value) => value * 2 != MathF.Round(value * 2);
}
