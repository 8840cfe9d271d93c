using System.Xml.Linq;
using KeypointPipeline.Plots;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Plots;

/// <summary>What all charts have in common.</summary>
public sealed class ChartTests
{
    private static readonly Chart[] All =
    [
        new LearningCurve([new(1, 3, 5), new(2, 2, 4), new(3, 1.5, 4.5)]),
        new KeypointBars([new("left_eye", 10, 1.5), new("nose", 0, null)], "v1"),
        new KeypointBars([new("left_eye", 10, 1.5, 1.25), new("nose", 3, null, 2)], "v1", "v2"),
        new ErrorsBySeconds([new("default", 3, [new(1, 5), new(10, 2)], [[new(1, 5), new(10, 2)], [new(1, 6), new(10, 3)]])]),
    ];

    public static TheoryData<int> Charts => [.. Enumerable.Range(0, All.Length)];

    [Theory]
    [MemberData(nameof(Charts))]
    public void The_same_numbers_give_the_same_bytes(int chart)
    {
        Assert.Equal(All[chart].ToSvg(PlotTheme.Dark), All[chart].ToSvg(PlotTheme.Dark));
        Assert.Equal(All[chart].ToPng(PlotTheme.Dark), All[chart].ToPng(PlotTheme.Dark));
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void The_themes_have_other_colours_and_the_same_layout(int chart)
    {
        string light = All[chart].ToSvg(PlotTheme.Light);
        string dark = All[chart].ToSvg(PlotTheme.Dark);

        Assert.NotEqual(light, dark);
        Assert.Equal(ChartSvg.Texts(light), ChartSvg.Texts(dark));
        Assert.Equal((0xFFu, 0x1Du), (Corner(All[chart].ToPng(PlotTheme.Light)), Corner(All[chart].ToPng(PlotTheme.Dark))));

        static uint Corner(byte[] png)
        {
            using var picture = SKBitmap.Decode(png);
            return picture.GetPixel(0, 0).Red;
        }
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void The_svg_scales_has_a_title_and_loads_and_runs_nothing(int chart)
    {
        XElement root = XDocument.Parse(All[chart].ToSvg(PlotTheme.Light)).Root!;

        Assert.Equal($"0 0 {All[chart].Width} {All[chart].Height}", root.Attribute("viewBox")?.Value);
        Assert.Equal("img", root.Attribute("role")?.Value);
        Assert.Equal(All[chart].Title, root.Elements().First().Value);
        Assert.DoesNotContain(root.Descendants(), element => element.Name.LocalName is "image" or "script" or "style" or "foreignObject" or "a");
        Assert.DoesNotContain(root.DescendantsAndSelf().Attributes(), attribute =>
            attribute.Name.LocalName is "href" or "style" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void A_text_is_as_long_in_every_font_as_it_was_measured(int chart)
    {
        foreach (XElement text in XDocument.Parse(All[chart].ToSvg(PlotTheme.Light)).Descendants(ChartSvg.Name("text")).Where(text => text.Value.Length > 1))
        {
            Assert.Equal("spacingAndGlyphs", text.Attribute("lengthAdjust")?.Value);
            Assert.InRange((double)text.Attribute("textLength")! / text.Value.Length, 3, 12);
        }
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void The_png_has_the_stated_size(int chart)
    {
        using var picture = SKBitmap.Decode(All[chart].ToPng(PlotTheme.Light));

        Assert.Equal((All[chart].Width * Chart.PngScale, All[chart].Height * Chart.PngScale), (picture.Width, picture.Height));
    }

    [Fact]
    public void Several_threads_draw_at_once()
    {
        string[] expected = [.. All.Select(chart => chart.ToSvg(PlotTheme.Light))];

        Parallel.For(0, 32, i => Assert.Equal(expected[i % All.Length], All[i % All.Length].ToSvg(PlotTheme.Light)));
    }

    /// <summary>No font of the machine is used: SkiaSharp's build without fontconfig finds none.</summary>
    [Fact]
    public void A_png_has_its_text_without_an_installed_font()
    {
        using var named = SKBitmap.Decode(new KeypointBars([new("nose, nose, nose", 3, 1)], "v1").ToPng(PlotTheme.Light));
        using var unnamed = SKBitmap.Decode(new KeypointBars([new(" ", 3, 1)], "v1").ToPng(PlotTheme.Light));

        Assert.Equal("Segoe WP", PlotFont.Typeface.FamilyName);
        Assert.True(Ink(named) > Ink(unnamed) + 100);

        static int Ink(SKBitmap picture) => picture.Pixels.Count(pixel => pixel.Red < 128 && pixel.Green < 128 && pixel.Blue < 128);
    }
}
