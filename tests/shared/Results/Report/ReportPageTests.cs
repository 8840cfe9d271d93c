using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Results.Report;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Results.Report;

/// <summary>Reports of images that strangers named. The page is XML as well, so a strict parser tells what is markup in it.</summary>
public sealed class ReportPageTests
{
    private const int ImagesPerPage = 60;

    [Fact]
    public void No_name_changes_what_a_report_consists_of()
    {
        foreach (string[] names in StrangeNames.Some(3_000).Chunk(ImagesPerPage))
        {
            XDocument page = Parse(Create(names));
            XDocument plain = Parse(Create([.. names.Select(_ => "plain.jpg")]));

            Assert.Equal(Skeleton(plain), Skeleton(page));
            Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "iframe" or "object" or "form" or "base");
            Assert.All(page.Descendants().Attributes(), attribute =>
            {
                Assert.False(attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase), attribute.ToString());
                Assert.NotEqual("style", attribute.Name.LocalName);
            });
            Assert.All(page.Descendants().Attributes("href"), href => Assert.Matches(
                @"^(data:image/jpeg;base64,[A-Za-z0-9+/=]+|overlays/[0-9]{6}-[A-Za-z0-9_-]{0,80}\.jpg|[a-z-]+\.(csv|json|jsonl)|#p[0-9]+)$", href.Value));
        }
    }

    [Fact]
    public void Every_name_is_shown_as_it_is_or_with_the_code_of_what_cannot_be_seen()
    {
        foreach (string[] names in StrangeNames.Some(3_000).Chunk(ImagesPerPage))
        {
            XElement[] captions = [.. Parse(Create(names)).Descendants("figcaption")];

            Assert.Equal(names.Length, captions.Length);
            foreach ((string name, XElement caption) in names.Zip(captions))
            {
                string shown = Shown(caption);
                Assert.Equal(shown, caption.Attribute("title")!.Value);
                Assert.DoesNotContain(shown, IsInvisible);
                if (!name.Any(c => IsInvisible(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == UnicodeCategory.OtherNotAssigned))
                    Assert.Equal(name, shown);
            }
        }
    }

    [Theory]
    [InlineData("invoice\u202egpj.exe", "invoice[U+202E]gpj.exe")]
    [InlineData("a\0b\u001b[2Jc", "a[U+0000]b[U+001B][2Jc")]
    [InlineData("\u2067שם\u2069.jpg", "[U+2067]שם[U+2069].jpg")]
    [InlineData("می\u200cخواهم 😀.jpg", "می\u200cخواهم 😀.jpg")]
    public void Characters_that_mislead_the_eye_are_named(string name, string shown) =>
        Assert.Equal(shown, Shown(Parse(Create([name])).Descendants("figcaption").Single()));

    [Fact]
    public void Half_a_character_is_shown_as_one_that_is_missing() =>
        Assert.Equal("half \ufffd.jpg", Shown(Parse(Create(["half \ud800.jpg"])).Descendants("figcaption").Single()));

    [Fact]
    public void A_browser_may_use_the_pages_own_style_and_pictures_and_nothing_else()
    {
        XDocument page = Parse(Create(["a.jpg"]));

        string style = page.Descendants("style").Single().Value;
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        XElement policy = page.Descendants("meta").Single(meta => meta.Attribute("http-equiv")?.Value == "Content-Security-Policy");
        Assert.Equal(
            $"default-src 'none'; img-src data:; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'", policy.Attribute("content")!.Value);
        Assert.True(policy.IsBefore(page.Descendants("title").First()), "what comes before the policy is not under it");
    }

    /// <summary>A report whose batch, model and images all have the names: each image is shown, then has failed, then is ranked.</summary>
    private static string Create(string[] names)
    {
        var schema = new KeypointSchema(["left_<b>eye", "right_\"eye"], 16, 16);
        var content = new ReportContent();
        int index = 0;
        foreach (string name in names)
        {
            var result = new ImageResult(name, 100, 80, [30, 40, 70, 40], null, [1, 2]);
            content.Add(new ChunkLine(result, ResultFiles.Overlay(index++, name), new Thumbnail(24, 18, [1, 2, 3])));
        }

        foreach (string name in names)
            content.Add(new ChunkLine(new ImageResult(name, null, null, null, $"The file {name} is empty."), null, null));
        var time = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
        var summary = new BatchSummary(names[0], names[^1], 2 * names.Length, names.Length, names.Length, names.Length, time, time, 0, schema);
        return ReportPage.Create(
            summary, content, [.. names.Select(name => new UncertainImage(name, 0.1, "left_<b>eye", 1))], ranked: names.Length);
    }

    private static string Shown(XElement caption) => string.Concat(caption.Nodes().OfType<XText>().Select(text => text.Value));

    private static XDocument Parse(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
    }

    private static IEnumerable<string> Skeleton(XDocument page) => page.Descendants().Select(element =>
        $"{element.Ancestors().Count()} {element.Name} {string.Join(' ', element.Attributes().Select(attribute => attribute.Name))}");

    private static bool IsInvisible(char c) => c is not ('\u200c' or '\u200d') && char.GetUnicodeCategory(c) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
