using System.Text;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results.Overlays;
using KeypointPipeline.Results.Tables;

namespace KeypointPipeline.Results.Report;

/// <summary>Writes the report's pictures: images with the dots and boxes of all their instances, the instances one by one as the model saw
/// them, and images without a face. A click on an instance in its image goes to its frame, which is then enlarged.</summary>
internal sealed class ReportPictures
{
    /// <summary>Maximum bytes of all pictures with their dots and names. 60 pictures of noise with 68 keypoints are about 5 MB.</summary>
    private const int PictureBytes = 8_500_000;

    /// <summary>Maximum bytes of all single instances with their dots. 600 with 68 keypoints are about 6 MB.</summary>
    private const int InstanceBytes = 5_000_000;

    /// <summary>Maximum bytes of all pictures without a face.</summary>
    private const int WithoutFaceBytes = 1_500_000;

    /// <summary>The smallest dot on a thumbnail of several instances that can be seen.</summary>
    private const double SmallestDot = 1.6;

    private readonly BatchSummary _summary;
    private readonly KeypointSchema _schema;
    private readonly KeypointPalette _palette;
    private readonly ChunkLine[] _all;
    private readonly ChunkLine[] _withoutFace;
    private readonly (int Shown, string Html) _pictures;
    private readonly (int Shown, string Html) _instances;
    private readonly (int Shown, string Html) _lost;
    private readonly Dictionary<(string Image, int? Face), string> _places = [];

    /// <summary>Chooses and writes what the page has room for.</summary>
    /// <param name="summary">The batch's counts.</param>
    /// <param name="content">The pictures to show.</param>
    /// <param name="palette">The colours.</param>
    public ReportPictures(BatchSummary summary, ReportContent content, KeypointPalette palette)
    {
        _summary = summary;
        _schema = summary.Schema;
        _palette = palette;
        _all = [.. content.Pictures.Where(picture => !picture.Result.IsWithoutFace)];
        _withoutFace = [.. content.Pictures.Where(picture => picture.Result.IsWithoutFace)];
        _lost = ReportText.Fit(_withoutFace.Index(), WithoutFaceBytes, picture => WithoutFace(picture.Index, picture.Item));
        _instances = ReportText.Fit(_all.Index().SelectMany(picture => Shown(picture.Item).Select(one => (picture.Index, one.Crop, one.Result))),
            InstanceBytes, one => Instance(one.Index, one.Crop, one.Result));
        _pictures = ReportText.Fit(_all.Index(), PictureBytes, picture => Figure(picture.Index, picture.Item));
    }

    /// <summary>Finds an instance on the page, or its image.</summary>
    /// <returns>The id of its element, or null if the page does not show it.</returns>
    public string? Find(string image, int? face) => _places.GetValueOrDefault((image, face)) ?? _places.GetValueOrDefault((image, null));

    /// <summary>Writes the colours of the keypoints, and the images.</summary>
    public void AppendPictures(StringBuilder html)
    {
        if (_all.Length == 0)
        {
            if (_withoutFace.Length == 0)
                html.Append(_summary.Images == 0 ? "<p class=\"empty\">The batch held no images.</p>\n" : "<p class=\"empty\">No image could be read.</p>\n");
            return;
        }

        html.Append("<section class=\"legend\" aria-label=\"Keypoint colours\">\n<ul>\n");
        foreach (int k in _palette.Order.Where(k => k < ReportText.MaximumKeypoints))
            html.Append($"<li class=\"l{k}\"><i class=\"k{k}\"></i>{Text(ReportText.Readable(_schema.Names[k]))}</li>\n");
        html.Append("</ul>\n</section>\n<section>\n<h2>Pictures</h2>\n");
        html.Append($"<p class=\"note\">{Sampling()} Point at a dot for its name, at a name for its dots.</p>\n<div class=\"grid\">\n");
        html.Append(_pictures.Html).Append("</div>\n</section>\n");
    }

    /// <summary>Writes the single instances.</summary>
    public void AppendInstances(StringBuilder html)
    {
        if (_instances.Shown == 0)
            return;
        int shown = _all.Sum(picture => 1 + (picture.Others?.Count ?? 0));
        string some = _instances.Shown == shown ? "" : $" {_instances.Shown:N0} of the {shown:N0} in these pictures are shown, the largest of each.";
        string word = ReportText.Instance(_schema);
        html.Append($"<section>\n<h2>{char.ToUpperInvariant(word[0])}{word[1..]}s</h2>\n");
        html.Append($"<p class=\"note\">Each {word} as the model saw it.{some} Click {(word == "face" ? "a face" : "an instance")} to enlarge it.</p>\n<div class=\"grid\">\n");
        html.Append(_instances.Html).Append("</div>\n</section>\n");
    }

    /// <summary>Writes the images without a face.</summary>
    public void AppendWithoutFace(StringBuilder html)
    {
        if (_summary.WithoutFace is not int all)
            return;
        string some = _lost.Shown == all ? "" : $" {_lost.Shown:N0} of {all:N0} are shown; {ReportTables.Files(_summary, ResultFiles.Errors)} has all.";
        html.Append("<section>\n<h2>No face found</h2>\n");
        html.Append($"<p class=\"note\">These images have no keypoints.{some}</p>\n<div class=\"grid\">\n").Append(_lost.Html).Append("</div>\n</section>\n");
    }

    private string Sampling()
    {
        string points = _schema.Count > ReportText.MaximumKeypoints ? $" The first {ReportText.MaximumKeypoints:N0} of {_schema.Count:N0} keypoints are drawn." : "";
        if (_pictures.Shown < _all.Length)
            return $"{_pictures.Shown:N0} of {_summary.Succeeded:N0} images with keypoints. Others are left out, because the page would be too large.{points}";
        return (_pictures.Shown == _summary.Succeeded
            ? "All images with keypoints."
            : $"{_pictures.Shown:N0} of {_summary.Succeeded:N0} images with keypoints, evenly spread over the batch.") + points;
    }

    /// <summary>An image with all its instances.</summary>
    private string Figure(int index, ChunkLine picture)
    {
        Thumbnail small = picture.Thumbnail!;
        string name = Text(picture.Result.Image);
        ImageResult[] results = [picture.Result, .. picture.Others ?? []];
        var html = new StringBuilder();
        html.Append($"<figure id=\"p{index}\"{(results.Length > 1 ? " class=\"wide\"" : "")}>");
        html.Append($"<svg viewBox=\"0 0 {small.Width} {small.Height}\" role=\"group\" aria-label=\"{name}\"><a href=\"{Text(picture.Overlay ?? "")}\" aria-label=\"{name}\">");
        html.Append($"<image width=\"{small.Width}\" height=\"{small.Height}\" href=\"data:image/jpeg;base64,{Convert.ToBase64String(small.Jpeg)}\"/></a>");
        foreach (ImageResult result in results)
            AppendBox(html, picture, result, small);
        double radius = Math.Max(small.Width, small.Height) / 60.0;
        foreach (ImageResult result in results)
        {
            AppendDots(html, result, DotPosition.Radius(small.Width, result, SmallestDot, radius), (one, k) => DotPosition.On(small.Width, small.Height, one, k));
        }

        _places.TryAdd((picture.Result.Image, null), $"p{index}");
        return html.Append($"</svg><figcaption title=\"{name}\">{name}<span>{Facts(results)}</span></figcaption></figure>\n").ToString();
    }

    private void AppendBox(StringBuilder html, ChunkLine picture, ImageResult result, Thumbnail small)
    {
        if (DotPosition.Outline(small.Width, small.Height, result) is not { } corners)
            return;
        string points = string.Join(' ', corners.Select(corner => $"{corner.X:0.#},{corner.Y:0.#}"));
        string box = $"<polygon class=\"{(result.IsDoubtful ? "box doubtful" : "box")}\" points=\"{points}\"/>";
        if (_places.TryGetValue((picture.Result.Image, result.Face), out string? place))
            html.Append($"<a href=\"#{place}\" aria-label=\"{ReportText.Instance(_schema)} {result.Face}\">{box}</a>");
        else
            html.Append(box);
    }

    /// <summary>One instance, in the frame that the model saw.</summary>
    private string Instance(int index, InstanceCrop crop, ImageResult result)
    {
        string id = $"p{index}f{crop.Face}";
        string name = Text(result.Image);
        string title = $"{name}, {ReportText.Instance(_schema)} {crop.Face}";
        string status = KeypointsCsv.StatusOf(result);
        double width = crop.Place.Scale * _schema.FrameWidth;
        var html = new StringBuilder();
        html.Append($"<figure id=\"{id}\" class=\"one{(result.IsDoubtful ? " doubtful" : "")}\"><a href=\"#{id}\">");
        html.Append($"<svg viewBox=\"0 0 {_schema.FrameWidth} {_schema.FrameHeight}\" role=\"img\" aria-label=\"{title}\">");
        html.Append($"<image width=\"{_schema.FrameWidth}\" height=\"{_schema.FrameHeight}\" href=\"data:image/jpeg;base64,{Convert.ToBase64String(crop.Jpeg)}\"/>");
        AppendDots(html, result, Math.Min(_schema.FrameWidth, _schema.FrameHeight) / 60.0, (one, k) => OnFrame(crop, one, k));
        _places.TryAdd((result.Image, result.Face), id);
        return html.Append($"</svg></a><figcaption title=\"{title}\"><a href=\"#p{index}\">{title}</a>")
            .Append($"<span>{(status == KeypointsCsv.Ok ? "" : $"{status} · ")}{width:0} px wide</span></figcaption></figure>\n").ToString();
    }

    private static string WithoutFace(int index, ChunkLine picture)
    {
        Thumbnail small = picture.Thumbnail!;
        string name = Text(picture.Result.Image);
        return $"<figure id=\"n{index}\"><svg viewBox=\"0 0 {small.Width} {small.Height}\" role=\"img\" aria-label=\"{name}\">"
            + $"<image width=\"{small.Width}\" height=\"{small.Height}\" href=\"data:image/jpeg;base64,{Convert.ToBase64String(small.Jpeg)}\"/></svg>"
            + $"<figcaption title=\"{name}\">{name}<span>{picture.Result.Error}</span></figcaption></figure>\n";
    }

    private void AppendDots(StringBuilder html, ImageResult result, double radius, Func<ImageResult, int, (double X, double Y)?> place)
    {
        for (int k = 0; k < Math.Min(_schema.Count, ReportText.MaximumKeypoints); k++)
        {
            if (place(result, k) is not (double x, double y))
                continue;
            html.Append($"<circle class=\"k{k}\" cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.##}\">");
            html.Append($"<title>{Text(ReportText.Readable(_schema.Names[k]))} ({result.Keypoints![2 * k]:0.0}, {result.Keypoints[(2 * k) + 1]:0.0})</title></circle>");
        }
    }

    private static (double X, double Y)? OnFrame(InstanceCrop crop, ImageResult result, int keypoint)
    {
        if (result.Keypoints![2 * keypoint] is not double x || result.Keypoints[(2 * keypoint) + 1] is not double y)
            return null;
        (double frameX, double frameY) = crop.Place.ToFrame(x, y);
        return (frameX + 0.5, frameY + 0.5);
    }

    private string Facts(ImageResult[] results)
    {
        int doubtful = results.Count(result => result.IsDoubtful);
        string size = $"{results[0].Width}×{results[0].Height}";
        string count = results.Length > 1 ? $" · {ReportText.Count(_schema, results.Length)}" : "";
        string doubt = doubtful == 0 ? "" : $" · {doubtful:N0} doubtful";
        return $"{size}{count}{doubt}{(results[0].LacksPlace ? " · whole image used" : "")}";
    }

    /// <summary>The crops of an image with their results.</summary>
    private static IEnumerable<(InstanceCrop Crop, ImageResult Result)> Shown(ChunkLine picture)
    {
        foreach (InstanceCrop crop in picture.Crops ?? [])
        {
            if (((ImageResult[])[picture.Result, .. picture.Others ?? []]).FirstOrDefault(result => result.Face == crop.Face) is ImageResult result)
                yield return (crop, result);
        }
    }

    private static string Text(string value) => HtmlText.Of(value);
}
