using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FsCheck.Xunit;
using KeypointPipeline.Models;
using KeypointPipeline.Serialization;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Serialization;

public sealed class ThousandthsTests
{
    [Property(MaxTest = 2_000)]
    public void A_number_has_the_text_of_the_general_formats(int thousandths, bool small)
    {
        double value = (small ? thousandths % 100_000 : thousandths) / 1000.0;

        Assert.Equal((value != 0 ? value.ToString("0.000", CultureInfo.InvariantCulture) : null), Fixed(value));
        Assert.Equal((value != 0 ? value.ToString("R", CultureInfo.InvariantCulture) : null), Shortest(value));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.0005)]
    [InlineData(1.0 / 3)]
    [InlineData(1e9)]
    [InlineData(1e300)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Other_numbers_are_left_to_the_general_formats(double value)
    {
        foreach (double signed in (double[])[value, -value])
        {
            Assert.Null(Fixed(signed));
            Assert.Null(Shortest(signed));
        }
    }

    [Theory]
    [InlineData(999_999_999.999, "999999999.999", "999999999.999")]
    [InlineData(-999_999_999.999, "-999999999.999", "-999999999.999")]
    [InlineData(100, "100.000", "100")]
    [InlineData(-0.5, "-0.500", "-0.5")]
    [InlineData(0.001, "0.001", "0.001")]
    public void Zeros_at_the_end_are_left_out_of_the_shortest_text(double value, string with, string without) =>
        Assert.Equal((with, without), (Fixed(value), Shortest(value)));

    [Property]
    public void A_result_has_the_json_that_the_serialiser_writes_without_the_converter(double?[] keypoints, int[] thousandths)
    {
        double?[] finite = [.. keypoints.Select(k => k is double d && double.IsFinite(d) ? k : null), .. thousandths.Select(t => (double?)(t / 1000.0))];
        var result = new ImageResult("a.jpg", 1, 2, finite, null, finite);

        string json = PipelineJson.Write(result);

        Assert.Equal(PipelineJson.Write(new Plain("a.jpg", 1, 2, finite, finite)), json);
        ImageResult read = PipelineJson.Read<ImageResult>(json);
        Assert.Equal(finite, read.Keypoints);
        Assert.Equal(finite, read.Uncertainty);
    }

    [Theory]
    [InlineData("""{"image":"a","keypoints":5}""")]
    [InlineData("""{"image":"a","keypoints":["5"]}""")]
    public void What_is_not_a_list_of_numbers_is_an_error(string json) =>
        Assert.Throws<JsonException>(() => PipelineJson.Read<ImageResult>(json));

    [Fact]
    public void A_missing_list_stays_missing()
    {
        ImageResult read = PipelineJson.Read<ImageResult>(PipelineJson.Write(new ImageResult("a.jpg", null, null, null, "broken")));

        Assert.Null(read.Keypoints);
        Assert.Null(read.Uncertainty);
    }

    private static string? Fixed(double value)
    {
        Span<byte> text = stackalloc byte[Thousandths.LongestText];
        return Thousandths.TryWriteFixed(text, value, out int written) ? Encoding.ASCII.GetString(text[..written]) : null;
    }

    private static string? Shortest(double value)
    {
        Span<byte> text = stackalloc byte[Thousandths.LongestText];
        return Thousandths.TryWriteShortest(text, value, out int written) ? Encoding.ASCII.GetString(text[..written]) : null;
    }

    /// <summary>The members of a result, written without the converter.</summary>
    private sealed record Plain(
        string Image,
        int? Width,
        int? Height,
        IReadOnlyList<double?>? Keypoints,
        [property: JsonPropertyName("uncertainty")] IReadOnlyList<double?>? Uncertainty);
}
