using System.Security.Cryptography;
using System.Text;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results.Overlays;

namespace KeypointPipeline.Results.Report;

/// <summary>Writes <c>report.html</c>: one file without network access or scripts, light and dark, for any window size. Its policy lets a
/// browser use only its own style and pictures. All text from outside is escaped. The page is smaller than 20 MB, whatever the images are
/// called and however many keypoints a model has.</summary>
internal static class ReportPage
{
    /// <summary>Maximum number of images under "Label these next"; <c>label-next.csv</c> lists more.</summary>
    private const int MaximumLabelNext = 10;

    /// <summary>Maximum number of keypoints with a colour. A page with more could not be read.</summary>
    private const int MaximumKeypoints = 1_000;

    /// <summary>Maximum bytes of all pictures with their dots and names. 60 pictures of noise with 68 keypoints are about 5 MB.</summary>
    private const int PictureBytes = 12_000_000;

    /// <summary>Maximum bytes of the rows of a table.</summary>
    private const int RowBytes = 2_000_000;

    /// <summary>Creates the page.</summary>
    /// <param name="summary">The batch's counts.</param>
    /// <param name="content">The pictures and failures to show.</param>
    /// <param name="labelNext">The least certain images, in order.</param>
    /// <param name="ranked">How many images have uncertainties.</param>
    public static string Create(BatchSummary summary, ReportContent content, IReadOnlyList<UncertainImage> labelNext, int ranked)
    {
        var palette = new KeypointPalette(summary.Schema);
        var html = new StringBuilder();
        string style = $"\n{ReportStyle.Css}{ReportStyle.ForKeypoints(palette, Math.Min(summary.Schema.Count, MaximumKeypoints))}";
        string styleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
        html.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; ");
        html.Append($"style-src 'sha256-{styleHash}'; base-uri 'none'; form-action 'none'\"/>\n");
        html.Append($"<title>{Text(summary.Batch)} · keypoints</title>\n<style>{style}</style>\n</head>\n<body>\n");
        AppendHeader(html, summary);
        AppendNotes(html, summary, hasUncertainty: labelNext.Count > 0);
        AppendGallery(html, summary, content, palette);
        AppendLabelNext(html, summary, labelNext, ranked);
        AppendFailures(html, summary, content);
        AppendFooter(html, summary);
        return html.Append("</body>\n</html>\n").ToString();
    }

    private static void AppendHeader(StringBuilder html, BatchSummary summary)
    {
        html.Append("<header>\n<p class=\"eyebrow\">Keypoints</p>\n");
        html.Append($"<h1>{Text(summary.Batch)}</h1>\n<dl class=\"figures\">\n");
        AppendFigure(html, "Images", $"{summary.Images:N0}", null);
        AppendFigure(html, "With keypoints", $"{summary.Succeeded:N0}", "good");
        if (summary.Instances is int instances && instances != summary.Succeeded)
            AppendFigure(html, "Instances", $"{instances:N0}", "good");
        AppendFigure(html, "Failed", $"{summary.Failed:N0}", summary.Failed == 0 ? null : "bad");
        AppendFigure(html, "Time", Duration(summary.Seconds), null);
        html.Append($"</dl>\n<p class=\"made\">Model <code>{Text(summary.ModelVersion)}</code> · {Text(summary.Schema.ToString())} · ");
        html.Append($"{summary.FinishedAt.UtcDateTime:d MMMM yyyy, HH:mm} UTC</p>\n</header>\n");
    }

    private static void AppendNotes(StringBuilder html, BatchSummary summary, bool hasUncertainty)
    {
        foreach (string gap in summary.Gaps?.Describe(hasUncertainty) ?? [])
            html.Append($"<p class=\"note\">{Text(gap)}</p>\n");
        foreach (string note in summary.Notes ?? [])
            html.Append($"<p class=\"note\">{Text(note)}</p>\n");
        if (summary.PassedOver is { } others)
            html.Append($"<p class=\"note\">{Text(others.Describe())}</p>\n");
    }

    private static void AppendFigure(StringBuilder html, string name, string value, string? mood) =>
        html.Append($"<div{(mood is null ? "" : $" class=\"{mood}\"")}><dt>{name}</dt><dd>{value}</dd></div>\n");

    private static void AppendGallery(StringBuilder html, BatchSummary summary, ReportContent content, KeypointPalette palette)
    {
        if (content.Pictures.Count == 0)
        {
            html.Append(summary.Images == 0 ? "<p class=\"empty\">The batch held no images.</p>\n" : "<p class=\"empty\">No image could be read.</p>\n");
            return;
        }

        (int shown, string pictures) = Fit(content.Pictures, PictureBytes, picture => Figure(picture, palette.Schema));
        html.Append("<main>\n<section class=\"legend\" aria-label=\"Keypoint colours\">\n<ul>\n");
        foreach (int k in palette.Order.Where(k => k < MaximumKeypoints))
            html.Append($"<li class=\"l{k}\"><i class=\"k{k}\"></i>{Text(Readable(palette.Schema.Names[k]))}</li>\n");
        html.Append("</ul>\n</section>\n<section>\n<h2>Pictures</h2>\n");
        html.Append($"<p class=\"note\">{Sampling(summary, content, shown)} Point at a dot for its name, at a name for its dots.</p>\n<div class=\"grid\">\n");
        html.Append(pictures).Append("</div>\n</section>\n</main>\n");
    }

    private static string Sampling(BatchSummary summary, ReportContent content, int shown)
    {
        string points = summary.Schema.Count > MaximumKeypoints ? $" The first {MaximumKeypoints:N0} of {summary.Schema.Count:N0} keypoints are drawn." : "";
        if (shown < content.Pictures.Count)
            return $"{shown:N0} of {summary.Succeeded:N0} images with keypoints. Others are left out, because the page would be too large.{points}";
        return (shown == summary.Succeeded
            ? "All images with keypoints."
            : $"{shown:N0} of {summary.Succeeded:N0} images with keypoints, evenly spread over the batch.") + points;
    }

    private static string Figure(ChunkLine picture, KeypointSchema schema)
    {
        ImageResult result = picture.Result;
        Thumbnail small = picture.Thumbnail!;
        string name = Text(result.Image);
        var html = new StringBuilder();
        html.Append($"<figure><a href=\"{Text(picture.Overlay ?? "")}\"><svg viewBox=\"0 0 {small.Width} {small.Height}\" role=\"img\" aria-label=\"{name}\">");
        html.Append($"<image width=\"{small.Width}\" height=\"{small.Height}\" href=\"data:image/jpeg;base64,{Convert.ToBase64String(small.Jpeg)}\"/>");
        double radius = Math.Max(small.Width, small.Height) / 60.0;
        AppendDots(html, result, small, radius, schema);
        foreach (ImageResult other in picture.Others ?? [])
            AppendDots(html, other, small, radius, schema);
        return html.Append($"</svg></a><figcaption title=\"{name}\">{name}<span>{result.Width}×{result.Height}</span></figcaption></figure>\n").ToString();
    }

    private static void AppendDots(StringBuilder html, ImageResult result, Thumbnail small, double radius, KeypointSchema schema)
    {
        for (int k = 0; k < Math.Min(schema.Count, MaximumKeypoints); k++)
        {
            if (DotPosition.On(small.Width, small.Height, result, k) is not (double x, double y))
                continue;
            html.Append($"<circle class=\"k{k}\" cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.##}\">");
            html.Append($"<title>{Text(Readable(schema.Names[k]))} ({result.Keypoints![2 * k]:0.0}, {result.Keypoints[(2 * k) + 1]:0.0})</title></circle>");
        }
    }

    private static void AppendLabelNext(StringBuilder html, BatchSummary summary, IReadOnlyList<UncertainImage> labelNext, int ranked)
    {
        if (labelNext.Count == 0)
            return;
        string measure = EyeCenters.Find(summary.Schema) is null ? "the frame's longer side" : "the distance between the eyes";
        string all = ranked > labelNext.Count ? $"The {labelNext.Count:N0} least certain images" : "All images";
        html.Append("<section>\n<h2>Label these next</h2>\n<p class=\"note\">The model is least certain of these. Expected error: mean over the keypoints, ");
        html.Append($"in per cent of {measure}. {all}: <a href=\"{ResultFiles.LabelNext}\">{ResultFiles.LabelNext}</a>.</p>\n");
        html.Append("<div class=\"scroll\"><table>\n<thead><tr><th>Image</th><th>Expected error</th><th>Worst keypoint</th></tr></thead>\n<tbody>\n");
        html.Append(Fit(labelNext.Take(MaximumLabelNext), RowBytes, Row).Html).Append("</tbody>\n</table></div>\n</section>\n");

        static string Row(UncertainImage image)
        {
            string share = image.Share is double value ? $"{100 * value:0.0} %" : "no number";
            string worst = image.WorstKeypoint is string name ? $"{Text(Readable(name))}, {image.WorstPixels:0.0} px" : "";
            string face = image.Face > 1 ? $", face {image.Face}" : "";
            return $"<tr><td>{Text(image.Image)}{face}</td><td>{share}</td><td>{worst}</td></tr>\n";
        }
    }

    private static void AppendFailures(StringBuilder html, BatchSummary summary, ReportContent content)
    {
        if (content.Failures.Count == 0)
            return;
        (int shown, string rows) = Fit(
            content.Failures, RowBytes, failure => $"<tr><td>{Text(failure.Image)}</td><td>{Text(failure.Error!)}</td></tr>\n");
        html.Append("<section>\n<h2>Failed images</h2>\n");
        if (shown < content.FailedResults)
            html.Append($"<p class=\"note\">The first {shown:N0} of {content.FailedResults:N0}; {Files(summary, ResultFiles.Errors)} has all.</p>\n");
        html.Append("<div class=\"scroll\"><table>\n<thead><tr><th>Image</th><th>Reason</th></tr></thead>\n<tbody>\n");
        html.Append(rows).Append("</tbody>\n</table></div>\n</section>\n");
    }

    private static void AppendFooter(StringBuilder html, BatchSummary summary)
    {
        html.Append($"<footer>All coordinates, in pixels of the upright original images: {Files(summary, ResultFiles.Csv)}, {Files(summary, ResultFiles.JsonLines)}; "
            + $"for labelling tools, {Files(summary, ResultFiles.Coco)}.");
        if (summary.Tables is { Count: var parts })
            html.Append($" These tables have {parts:N0} parts; <a href=\"{ResultFiles.Summary}\">{ResultFiles.Summary}</a> lists them.");
        if (summary.Overlays > 0)
            html.Append($" Drawn images: <code>overlays/</code> ({summary.Overlays:N0}).");
        html.Append("</footer>\n");
    }

    /// <summary>Names a table, or the first and last of its parts.</summary>
    private static string Files(BatchSummary summary, string table) => summary.Tables is { Count: var parts }
        ? $"{Link(ResultFiles.Part(table, 0))} to {Link(ResultFiles.Part(table, parts - 1))}"
        : Link(table);

    private static string Link(string file) => $"<a href=\"{file}\">{file}</a>";

    /// <summary>Writes as many items as fit into a number of bytes, the first ones.</summary>
    private static (int Shown, string Html) Fit<T>(IEnumerable<T> items, int bytes, Func<T, string> write)
    {
        var html = new StringBuilder();
        int shown = 0;
        foreach (T item in items)
        {
            string text = write(item);
            bytes -= Encoding.UTF8.GetByteCount(text);
            if (bytes < 0)
                break;
            html.Append(text);
            shown++;
        }

        return (shown, html.ToString());
    }

    private static string Duration(double seconds) => seconds switch
    {
        < 10 => $"{seconds:0.0} s",
        < 60 => $"{seconds:0} s",
        < 3600 => $"{(int)seconds / 60} min {(int)seconds % 60} s",
        _ => $"{(int)seconds / 3600} h {(int)seconds / 60 % 60} min",
    };

    private static string Readable(string keypoint) => keypoint.Replace('_', ' ');

    private static string Text(string value) => HtmlText.Of(value);
}
