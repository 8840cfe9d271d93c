using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Keypoints;

public sealed class PublishedOrderCheckTests
{
    [Theory]
    [InlineData(5, "5 CelebA", 2)]
    [InlineData(17, "17 COCO", 8)]
    [InlineData(68, "68 iBUG", 29)]
    [InlineData(98, "98 WFLW", 44)]
    public void A_published_order_counts_if_the_labels_agree(int points, string order, int pairs)
    {
        MirrorPairs? mirror = Check(Numbered(points), SymmetricPoints(points), tilt: 12, out string? objection);

        Assert.Null(objection);
        Assert.NotNull(mirror);
        Assert.Equal(order, mirror.Source);
        Assert.Equal(pairs, mirror.Pairs.Count);
        Assert.Equal(2 * pairs, mirror.Pairs.SelectMany(pair => new[] { pair.First, pair.Second }).Distinct().Count());
    }

    [Fact]
    public void The_orders_pair_known_points()
    {
        Assert.Contains(new MirrorPair("36", "45"), Pairs(68)); // outer corners of the eyes
        Assert.Contains(new MirrorPair("48", "54"), Pairs(68)); // corners of the mouth
        Assert.Contains(new MirrorPair("0", "16"), Pairs(68)); // ends of the jaw
        Assert.Contains(new MirrorPair("96", "97"), Pairs(98)); // pupils
        Assert.Contains(new MirrorPair("60", "72"), Pairs(98)); // outer corners of the eyes
        Assert.Contains(new MirrorPair("76", "82"), Pairs(98)); // corners of the mouth
        Assert.Contains(new MirrorPair("2", "1"), Pairs(17)); // the person's left eye is at the right

        static IReadOnlyList<MirrorPair> Pairs(int points) =>
            Check(Numbered(points), SymmetricPoints(points), tilt: 0, out _)?.Pairs ?? [];
    }

    [Fact]
    public void Names_may_count_from_one_with_a_prefix_and_in_any_order()
    {
        string[] names = [.. Enumerable.Range(1, 5).Select(i => $"kp{i:00}").Reverse()];
        float[] points = SymmetricPoints(5);
        float[] reversed = [.. points.Chunk(2).Reverse().SelectMany(xy => xy)];

        Assert.Equal([new MirrorPair("kp01", "kp02"), new MirrorPair("kp04", "kp05")], Check(names, reversed, tilt: 0, out _)?.Pairs);
    }

    [Theory]
    [InlineData("0,1,2,3,5")] // a gap
    [InlineData("2,3,4,5,6")]
    [InlineData("a0,a1,b2,a3,a4")]
    [InlineData("nose,chin,p1,p2,p3")]
    [InlineData("0,1,2,3,4,5")] // no order has six points
    public void Names_that_do_more_than_number_an_order_are_not_checked(string names) =>
        Assert.Null(PublishedOrderCheck.For(names.Split(',')));

    [Fact]
    public void Another_order_of_the_same_number_of_points_does_not_count()
    {
        float[] points = SymmetricPoints(68);
        float[] shuffled = [.. points.Chunk(2).Select((xy, i) => (xy, Key: (i * 29) % 68)).OrderBy(p => p.Key).SelectMany(p => p.xy)];

        Assert.Null(Check(Numbered(68), shuffled, tilt: 0, out string? objection));
        Assert.NotNull(objection);
        Assert.StartsWith("The 68 points are only numbered, and the order 68 iBUG has as many", objection, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_on_the_wrong_sides_is_named_with_its_share()
    {
        float[] points = SymmetricPoints(5);
        (points[0], points[2]) = (points[2], points[0]);

        Assert.Null(Check(Numbered(5), points, tilt: 0, out string? objection));
        Assert.Contains("0 and 1 lie left and right in 0", objection, StringComparison.Ordinal);
        Assert.Contains("of 30 upright rows", objection, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_point_far_from_the_middle_objects()
    {
        float[] points = SymmetricPoints(5);
        points[4] += 30;

        Assert.Null(Check(Numbered(5), points, tilt: 0, out string? objection));
        Assert.Contains("2 lies near the middle in 0", objection, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(19, 0, "19 of 19 rows are upright")]
    [InlineData(30, 90, "0 of 30 rows are upright")]
    public void Few_or_lying_rows_are_not_enough(int rows, double tilt, string reason)
    {
        Assert.Null(Check(Numbered(5), SymmetricPoints(5), tilt, out string? objection, rows));
        Assert.Contains(reason, objection, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_that_is_hardly_labelled_is_not_confirmed()
    {
        PublishedOrderCheck check = PublishedOrderCheck.For(Numbered(17))!;
        float[] points = SymmetricPoints(17);
        points[2 * 15] = points[(2 * 15) + 1] = float.NaN;
        for (int row = 0; row < 30; row++)
            check.Add(points);

        Assert.Null(check.Find(out string? objection));
        Assert.Contains("16 and 15 are both labelled in 0 upright rows", objection, StringComparison.Ordinal);
    }

    private static string[] Numbered(int points) => [.. Enumerable.Range(0, points).Select(i => $"{i}")];

    private static MirrorPairs? Check(string[] names, float[] points, double tilt, out string? objection, int rows = 30)
    {
        PublishedOrderCheck check = PublishedOrderCheck.For(names)!;
        (double sin, double cos) = Math.SinCos(tilt * Math.PI / 180);
        float[] turned = [.. points.Chunk(2).SelectMany(xy => new[] { (float)((xy[0] * cos) - (xy[1] * sin)), (float)((xy[0] * sin) + (xy[1] * cos)) })];
        for (int row = 0; row < rows; row++)
            check.Add(turned);
        return check.Find(out objection);
    }

    /// <summary>A drawn face or person: the points where the orders' publications place them, roughly.</summary>
    private static float[] SymmetricPoints(int points) => points switch
    {
        5 => [35, 40, 65, 40, 50, 55, 40, 70, 60, 70],
        17 => Person(),
        68 =>
        [
            .. Arc(17, 10, 90, 40, 95), .. Line(5, 18, 42, 30), .. Line(5, 58, 82, 30), .. Column(4, 38, 56), .. Line(5, 42, 58, 60),
            .. Ring(6, 30, 40), .. Ring(6, 70, 40), .. Ring(12, 50, 75), .. Ring(8, 50, 75),
        ],
        _ =>
        [
            .. Arc(33, 10, 90, 40, 95), .. Line(5, 18, 42, 28), .. Line(4, 40, 20, 32), .. Line(5, 58, 82, 28), .. Line(4, 80, 60, 32),
            .. Column(4, 38, 56), .. Line(5, 42, 58, 60), .. Ring(8, 30, 40), .. Ring(8, 70, 40), .. Ring(12, 50, 75), .. Ring(8, 50, 75),
            30, 40, 70, 40,
        ],
    };

    private static float[] Person()
    {
        float[] person = new float[34];
        (person[0], person[1]) = (50, 10);
        for (int pair = 0; pair < 8; pair++)
        {
            float y = pair < 2 ? 8 : 20 + (10 * pair);
            (person[(4 * pair) + 2], person[(4 * pair) + 3]) = (60 + pair, y);
            (person[(4 * pair) + 4], person[(4 * pair) + 5]) = (40 - pair, y);
        }

        return person;
    }

    private static IEnumerable<float> Line(int count, float from, float to, float y) =>
        Enumerable.Range(0, count).SelectMany(i => new[] { from + ((to - from) * i / (count - 1)), y });

    private static IEnumerable<float> Column(int count, float from, float to) =>
        Enumerable.Range(0, count).SelectMany(i => new[] { 50, from + ((to - from) * i / (count - 1)) });

    private static IEnumerable<float> Arc(int count, float from, float to, float top, float bottom) =>
        Enumerable.Range(0, count).SelectMany(i => new[]
        {
            (float)(50 - ((to - from) / 2 * Math.Cos(Math.PI * i / (count - 1)))),
            (float)(top + ((bottom - top) * Math.Sin(Math.PI * i / (count - 1)))),
        });

    /// <summary>From the left over the top to the right and back below, as both orders go round eyes and mouth.</summary>
    private static IEnumerable<float> Ring(int count, float x, float y) =>
        Enumerable.Range(0, count).SelectMany(i => new[]
        {
            (float)(x - (8 * Math.Cos(2 * Math.PI * i / count))),
            (float)(y - (4 * Math.Sin(2 * Math.PI * i / count))),
        });
}
