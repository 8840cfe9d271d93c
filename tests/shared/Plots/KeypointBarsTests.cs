using System.Xml.Linq;
using FsCheck;
using FsCheck.Xunit;
using KeypointPipeline.Plots;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Plots;

public sealed class KeypointBarsTests
{
    [Fact]
    public void Every_keypoint_has_its_name_its_labels_and_the_error_of_each_model()
    {
        string[] texts = ChartSvg.Texts(new KeypointBars([new("left_eye_center", 12, 1.254, 2), new("nose", 0, null, double.NaN)], "v1", "v2").ToSvg(PlotTheme.Light));

        Assert.Subset(texts.ToHashSet(), (HashSet<string>)["left eye center (12)", "nose (0)", "1.25", "2.00", "not measured", "v1", "v2"]);
        Assert.Equal(2, texts.Count(text => text == "not measured"));
    }

    [Fact]
    public void Keypoints_come_from_top_to_bottom_in_the_given_order()
    {
        XElement[] texts = [.. XDocument.Parse(new KeypointBars([new("first", 1, 1), new("second", 1, 9), new("third", 1, 3)], "v1").ToSvg(PlotTheme.Light)).Descendants(ChartSvg.Name("text"))];

        Assert.Equal(["first (1)", "second (1)", "third (1)"], texts
            .Where(text => text.Value.EndsWith("(1)", StringComparison.Ordinal))
            .OrderBy(ChartSvg.Top)
            .Select(text => text.Value));
    }

    [Fact]
    public void A_longer_bar_is_a_larger_error()
    {
        double[] widths = Bars(new KeypointBars([new("a", 1, 1), new("b", 1, 2), new("c", 1, 4)], "v1"));

        Assert.Equal(2, widths[1] / widths[0], 0.05);
        Assert.Equal(4, widths[2] / widths[0], 0.05);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(98)]
    public void The_height_grows_with_the_keypoints_so_that_all_names_stay_legible(int keypoints)
    {
        var bars = new KeypointBars([.. Enumerable.Range(0, keypoints).Select(i => new KeypointBar($"point_{i}", i, i, i + 1))], "v1", "v2");

        double[] places = [.. XDocument.Parse(bars.ToSvg(PlotTheme.Light)).Descendants(ChartSvg.Name("text"))
            .Where(text => text.Value.StartsWith("point ", StringComparison.Ordinal))
            .Select(ChartSvg.Top)
            .Order()];
        Assert.Equal(keypoints, places.Length);
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.Second - pair.First > 20));
        using var picture = SKBitmap.Decode(bars.ToPng(PlotTheme.Dark));
        Assert.Equal(bars.Height * Chart.PngScale, picture.Height);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"&'<!-- ]]> -->")]
    [InlineData("nez_größe")]
    [InlineData("нос")]
    [InlineData("左目")]
    [InlineData("👃🏽")]
    [InlineData("M0M")]
    public void A_name_is_shown_as_it_is(string name)
    {
        string svg = new KeypointBars([new(name, 3, 1)], "v1").ToSvg(PlotTheme.Light);

        Assert.Contains($"{name.Replace('_', ' ')} (3)", ChartSvg.Texts(svg));
        Assert.DoesNotContain(XDocument.Parse(svg).Descendants(), element => element.Name.LocalName == "script");
    }

    [Fact]
    public void What_XML_cannot_hold_is_replaced()
    {
        string svg = new KeypointBars([new("a\nb\0\u001b", 3, 1), new("\ud800x\ufffe", 4, 1)], "v1").ToSvg(PlotTheme.Light);

        Assert.Contains("a\uFFFDb\uFFFD\uFFFD (3)", ChartSvg.Texts(svg));
        Assert.Contains("\uFFFDx\uFFFD (4)", ChartSvg.Texts(svg));
    }

    [Fact]
    public void Names_in_other_scripts_are_not_confused_with_each_other_or_with_plain_ones()
    {
        string[] names = ["左目", "右目", "MM", "MMM", "左目"];

        string[] texts = ChartSvg.Texts(new KeypointBars([.. names.Select(name => new KeypointBar(name, 3, 1))], "右", "M").ToSvg(PlotTheme.Light));

        Assert.Equal(names.Select(name => $"{name} (3)").Order(StringComparer.Ordinal), texts.Where(text => text.EndsWith("(3)", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Subset(texts.ToHashSet(), (HashSet<string>)["右", "M"]);
    }

    [Fact]
    public void A_name_that_is_too_long_ends_in_an_ellipsis()
    {
        string[] texts = ChartSvg.Texts(new KeypointBars([new(new string('n', 2_000), 3, 1)], new string('v', 2_000)).ToSvg(PlotTheme.Light));

        Assert.Single(texts, text => text.StartsWith("nnnnnnnnnn", StringComparison.Ordinal) && text.EndsWith('…') && text.Length < 60);
        Assert.Single(texts, text => text.StartsWith("vvvvvvvvvv", StringComparison.Ordinal) && text.EndsWith('…') && text.Length < 60);
    }

    [Property(MaxTest = 60)]
    public void Any_names_and_errors_give_a_drawing(NonEmptyArray<string?> names, NormalFloat first, NormalFloat second, NonNegativeInt labels)
    {
        var bars = new KeypointBars([.. names.Get.Select(name => new KeypointBar(name ?? "", labels.Get, Length(first), Length(second)))], "<v1>", "v&2");

        Assert.Equal(bars.Title, XDocument.Parse(bars.ToSvg(PlotTheme.Dark)).Root!.Elements().First().Value);

        static double Length(NormalFloat error) => Math.Min(Math.Abs(error.Get), 1e9);
    }

    /// <summary>Widths of the bars from top to bottom.</summary>
    private static double[] Bars(KeypointBars bars)
    {
        using var picture = SKBitmap.Decode(bars.ToPng(PlotTheme.Light));
        SKColor colour = SKColor.Parse("#1b59b3");
        List<double> widths = [];
        int before = 0;
        for (int y = picture.Height / 4; y < picture.Height; y++)
        {
            int width = Enumerable.Range(0, picture.Width).Count(x => picture.GetPixel(x, y) == colour);
            if (width > 10 && before <= 10)
                widths.Add(width);
            before = width;
        }

        return [.. widths];
    }
}
