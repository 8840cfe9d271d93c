using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Results.Report;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Results.Report;

/// <summary>What a report shows of images with several faces, of doubtful ones, and of images without a face.</summary>
public sealed class ReportInstancesTests
{
    private static readonly KeypointSchema Schema = new(["left_eye_center", "right_eye_center", "mouth_center_bottom_lip"], 16, 16);

    [Fact]
    public void Every_face_is_drawn_in_its_picture_and_leads_to_its_own_frame()
    {
        XDocument page = Create([Group("group.jpg", faces: 3)], Summary(images: 1, succeeded: 1) with { Instances = 3 });

        XElement picture = Assert.Single(Figures(page, "Pictures"));
        XElement[] faces = [.. Figures(page, "Faces")];
        Assert.Equal(3, faces.Length);
        Assert.Equal(9, picture.Descendants("circle").Count());
        XElement[] boxes = [.. picture.Descendants("polygon")];
        Assert.Equal(3, boxes.Length);
        Assert.Equal(faces.Select(face => $"#{face.Attribute("id")!.Value}"), boxes.Select(box => box.Parent!.Attribute("href")!.Value));
        Assert.Equal("210,110 270,110 270,170 210,170", boxes[2].Attribute("points")!.Value);
        Assert.Contains("640×480 · 3 faces", picture.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_dots_of_a_face_lie_in_its_frame_where_the_model_predicted_them()
    {
        XDocument page = Create([Group("group.jpg", faces: 2)], Summary(1, 1) with { Instances = 2 });

        // The frame of face 2 starts at 110, 110 of the image, and a frame pixel is 60 ÷ 16 image pixels.
        XElement dot = Figures(page, "Faces").Last().Descendants("circle").First();
        Assert.Equal((120.5 - 110) / (60.0 / 16), Number(dot, "cx"), 0.01);
        Assert.Equal((125.5 - 110) / (60.0 / 16), Number(dot, "cy"), 0.01);
    }

    [Fact]
    public void Doubtful_faces_and_images_without_a_face_say_so()
    {
        ChunkLine group = Group("group.jpg", faces: 2);
        group = group with { Others = [group.Others![0] with { IsDoubtful = true }] };
        var lost = new ChunkLine(new ImageResult("sea.jpg", 640, 480, null, "no face found") { IsWithoutFace = true, Face = 1 }, null, new Thumbnail(240, 180, [1]));

        XDocument page = Create([group, lost], Summary(images: 3, succeeded: 1) with { Instances = 2, Doubtful = 1, WithoutFace = 1 });

        Assert.Equal("box doubtful", Figures(page, "Pictures").Single().Descendants("polygon").Last().Attribute("class")!.Value);
        Assert.Equal(["one", "one doubtful"], Figures(page, "Faces").Select(face => face.Attribute("class")!.Value));
        Assert.Contains("sea.jpg", Assert.Single(Figures(page, "No face found")).Value, StringComparison.Ordinal);
        Assert.Equal(
            ["Images 3", "With keypoints 1", "Faces 2", "Doubtful 1", "No face found 1", "Failed 1"],
            page.Descendants("dl").Single().Elements("div").Select(div => $"{div.Element("dt")!.Value} {div.Element("dd")!.Value}").Take(6));
        Assert.DoesNotContain(page.Descendants("h2"), heading => heading.Value == "Failed images");
    }

    [Fact]
    public void Every_link_within_the_page_has_its_target()
    {
        ChunkLine[] lines = [.. Enumerable.Range(1, 60).Select(n => Group($"{n}.jpg", faces: n))];
        UncertainImage[] labelNext = [.. lines.Skip(50).Select(line => new UncertainImage(line.Result.Image, 0.1, "mouth_center_bottom_lip", 3) { Face = 2 })];

        XDocument page = Create(lines, Summary(60, 60) with { Instances = lines.Length * 61 / 2 }, labelNext);

        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        string[] links = [.. page.Descendants("a").Attributes("href").Select(href => href.Value).Where(href => href.StartsWith('#'))];
        Assert.InRange(links.Length, 1_000, 100_000);
        Assert.All(links, link => Assert.Contains(link[1..], ids));
        Assert.Equal(10, page.Descendants("td").Elements("a").Count());
    }

    [Fact]
    public void A_picture_that_is_its_only_frame_is_shown_once()
    {
        var result = new ImageResult("a.jpg", 640, 480, [1, 2, 3, 4, 5, 6], null) { Face = 1 };

        XDocument page = Create([new ChunkLine(result, "overlays/a.jpg", new Thumbnail(240, 180, [1]))], Summary(1, 1) with { Instances = 1 });

        Assert.Single(page.Descendants("figure"));
        Assert.Empty(page.Descendants("polygon"));
        Assert.DoesNotContain(page.Descendants("h2"), heading => heading.Value is "Faces" or "No face found");
    }

    /// <summary>An image of 640×480 with faces of 60 pixels on a diagonal, 100 pixels apart, and a frame of each.</summary>
    private static ChunkLine Group(string name, int faces)
    {
        ImageResult[] results =
        [
            .. Enumerable.Range(0, faces).Select(n => new ImageResult(name, 640, 480, [20 + (100 * n), 25 + (100 * (n % 3)), 40, 25, 30, 40], null, [1, 2, 3])
            {
                Face = n + 1,
                Instance = $"5a1c0c2f9be37d44-{n + 1}",
                Box = new PictureBox(10 + (100 * n), n == 0 ? 10 : 110, 60, 60),
                Scale = 60.0 / 16,
            }),
        ];
        return new ChunkLine(results[0], $"overlays/000001-{name}", new Thumbnail(640, 480, [1, 2, 3]))
        {
            Others = faces == 1 ? null : results[1..],
            Crops = [.. results.Select(result => new InstanceCrop(
                result.Face!.Value, new FrameTransform(60.0 / 16, -result.Box!.Left * 16 / 60, -result.Box.Top * 16 / 60), [1, 2, 3]))],
        };
    }

    private static BatchSummary Summary(int images, int succeeded) => new(
        "holiday", "v1", images, succeeded, images - succeeded, succeeded, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 0, Schema);

    private static XDocument Create(ChunkLine[] lines, BatchSummary summary, UncertainImage[]? labelNext = null)
    {
        var content = new ReportContent();
        foreach (ChunkLine line in lines)
            content.Add(line);
        using var reader = XmlReader.Create(
            new StringReader(ReportPage.Create(summary, content, labelNext ?? [], labelNext?.Length ?? 0)), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    private static IEnumerable<XElement> Figures(XDocument page, string section) =>
        page.Descendants("section").Single(one => one.Element("h2")?.Value == section).Descendants("figure");

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
