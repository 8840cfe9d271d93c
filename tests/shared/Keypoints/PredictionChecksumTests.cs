using System.Globalization;
using FsCheck.Xunit;
using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Keypoints;

public sealed class PredictionChecksumTests
{
    [Theory]
    [InlineData("cf2b943b40b43318e", 1.5f, 2f, float.NaN, float.NaN, 70.125f, -3.25f)]
    [InlineData("cef46db3751d8e999")]
    public void It_stays_what_files_of_earlier_versions_hold(string expected, params float[] points) =>
        Assert.Equal(expected, PredictionChecksum.Of(points));

    [Property]
    public void However_the_numbers_are_written_it_is_the_same(int[] thousandths)
    {
        double?[] written = [.. Pairs(thousandths).Select(number => (double?)number)];
        string expected = PredictionChecksum.Of(written);

        foreach (string format in (string[])["0.000", "R", "0.000000", "E12"])
            Assert.Equal(expected, PredictionChecksum.Of([.. written.Select(number => Read(number!.Value.ToString(format, CultureInfo.InvariantCulture)))]));
        Assert.Matches("^c[0-9a-f]{16}$", expected);
    }

    [Property]
    public void A_coordinate_that_moves_by_a_thousandth_changes_it(int[] thousandths, int place, bool back)
    {
        float[] points = Points([.. thousandths, 7, 9]);
        string before = PredictionChecksum.Of(points);
        int moved = (int)((uint)place % points.Length);

        points[moved] = (float)(Math.Round(points[moved], 3) + (back ? -0.001 : 0.001));

        Assert.NotEqual(before, PredictionChecksum.Of(points));
    }

    [Property]
    public void A_point_that_is_cleared_or_exchanged_changes_it(int[] thousandths)
    {
        float[] points = Points([.. thousandths, 1, 2, 3, 4]);
        string before = PredictionChecksum.Of(points);

        float[] exchanged = [.. points[..^4], .. points[^2..], .. points[^4..^2]];
        float[] cleared = [.. points[..^1], float.NaN];

        Assert.NotEqual(before, PredictionChecksum.Of(exchanged));
        Assert.NotEqual(before, PredictionChecksum.Of(cleared));
        Assert.Equal(PredictionChecksum.Of(points.AsSpan()[..^2]), PredictionChecksum.Of(cleared));
    }

    [Property]
    public void Columns_without_a_position_do_not_count(int[] thousandths, int place)
    {
        float[] points = Points(thousandths);
        int at = 2 * (int)((uint)place % ((points.Length / 2) + 1));

        Assert.Equal(PredictionChecksum.Of(points), PredictionChecksum.Of([.. points[..at], float.NaN, float.NaN, .. points[at..]]));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(40_000)]
    [InlineData(65_000)]
    public void Many_points_and_large_pictures_survive_single_precision(int pixels)
    {
        double?[] written = [.. Enumerable.Range(0, 600).Select(n => (double?)Math.Round(pixels + (n / 7.0), 3))];

        Assert.Equal(PredictionChecksum.Of(written), PredictionChecksum.Of([.. written.Select(number => (float)number!.Value)]));
    }

    [Fact]
    public void A_row_is_an_unchanged_prediction_if_its_origin_and_checksum_are_there_and_fit()
    {
        float[] points = [1.5f, 2, 3, 4];
        string checksum = PredictionChecksum.Of(points);

        Assert.True(PredictionChecksum.IsUnchanged("20261123-1", checksum, points));
        Assert.True(PredictionChecksum.IsUnchanged("20261123-1", $" {checksum.ToUpperInvariant()}", points));
        Assert.False(PredictionChecksum.IsUnchanged("20261123-1", checksum, [1.5f, 2, 3, 4.5f]));
        Assert.False(PredictionChecksum.IsUnchanged(" ", checksum, points));
        Assert.False(PredictionChecksum.IsUnchanged("20261123-1", "", points));
    }

    private static float[] Points(int[] thousandths) => [.. Pairs(thousandths).Select(number => (float)number)];

    /// <summary>Coordinates of pictures of up to 8,000 pixels: single precision holds their thousandths.</summary>
    private static IEnumerable<double> Pairs(int[] thousandths) => thousandths.Take(thousandths.Length / 2 * 2).Select(number => number % 8_000_000 / 1000.0);

    private static float Read(string text) => float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
