using System.Security.Cryptography;
using System.Text;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Results.Report;

/// <summary>Writes <c>report.html</c>: one file without network access or scripts, light and dark, for any window size. Its policy lets a
/// browser use only its own style and pictures. All text from outside is escaped.</summary>
internal static class ReportPage
{
    /// <summary>Maximum number of images under "Label these next"; <c>label-next.csv</c> lists all.</summary>
    private const int MaximumLabelNext = 10;

    public static string Create(BatchSummary summary, ReportContent content, IReadOnlyList<UncertainImage> labelNext)
    {
        var palette = new KeypointPalette(summary.Schema);
        var html = new StringBuilder();
        string style = $"\n{ReportStyle.Css}{ReportStyle.ForKeypoints(palette)}";
        string styleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
        html.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; ");
        html.Append($"style-src 'sha256-{styleHash}'; base-uri 'none'; form-action 'none'\"/>\n");
        html.Append($"<title>{Text(summary.Batch)} · keypoints</title>\n<style>{style}</style>\n</head>\n<body>\n");
        AppendHeader(html, summary);
        AppendNotes(html, summary, hasUncertainty: labelNext.Count > 0);
        AppendGallery(html, summary, content, palette);
        AppendLabelNext(html, summary, labelNext);
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
        AppendFigure(html, "Failed", $"{summary.Failed:N0}", summary.Failed == 0 ? null : "bad");
        AppendFigure(html, "Time", Duration(summary.Seconds), null);
        html.Append($"</dl>\n<p class=\"made\">Model <code>{Text(summary.ModelVersion)}</code> · {Text(summary.Schema.ToString())} · ");
        html.Append($"{summary.FinishedAt.UtcDateTime:d MMMM yyyy, HH:mm} UTC</p>\n</header>\n");
    }

    private static void AppendNotes(StringBuilder html, BatchSummary summary, bool hasUncertainty)
    {
        foreach (string gap in summary.Gaps?.Describe(hasUncertainty) ?? [])
            html.Append($"<p class=\"note\">{Text(gap)}</p>\n");
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

        html.Append("<main>\n<section class=\"legend\" aria-label=\"Keypoint colours\">\n<ul>\n");
        foreach (int k in palette.Order)
            html.Append($"<li class=\"l{k}\"><i class=\"k{k}\"></i>{Text(Readable(palette.Schema.Names[k]))}</li>\n");
        html.Append("</ul>\n</section>\n<section>\n<h2>Pictures</h2>\n");
        html.Append($"<p class=\"note\">{Sampling(summary, content)} Point at a dot for its name, at a name for its dots.</p>\n<div class=\"grid\">\n");
        foreach (ChunkLine picture in content.Pictures)
            AppendPicture(html, picture, palette.Schema);
        html.Append("</div>\n</section>\n</main>\n");
    }

    private static string Sampling(BatchSummary summary, ReportContent content) =>
        content.Pictures.Count == summary.Succeeded
            ? "All images with keypoints."
            : $"{content.Pictures.Count:N0} of {summary.Succeeded:N0} images with keypoints, evenly spread over the batch.";

    private static void AppendPicture(StringBuilder html, ChunkLine picture, KeypointSchema schema)
    {
        ImageResult result = picture.Result;
        Thumbnail small = picture.Thumbnail!;
        string name = Text(result.Image);
        html.Append($"<figure><a href=\"{Text(picture.Overlay ?? "")}\"><svg viewBox=\"0 0 {small.Width} {small.Height}\" role=\"img\" aria-label=\"{name}\">");
        html.Append($"<image width=\"{small.Width}\" height=\"{small.Height}\" href=\"data:image/jpeg;base64,{Convert.ToBase64String(small.Jpeg)}\"/>");
        double radius = Math.Max(small.Width, small.Height) / 60.0;
        for (int k = 0; k < schema.Count; k++)
        {
            if (DotPosition.On(small.Width, small.Height, result, k) is not (double x, double y))
                continue;
            html.Append($"<circle class=\"k{k}\" cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.##}\">");
            html.Append($"<title>{Text(Readable(schema.Names[k]))} ({result.Keypoints![2 * k]:0.0}, {result.Keypoints[(2 * k) + 1]:0.0})</title></circle>");
        }

        html.Append($"</svg></a><figcaption title=\"{name}\">{name}<span>{result.Width}×{result.Height}</span></figcaption></figure>\n");
    }

    private static void AppendLabelNext(StringBuilder html, BatchSummary summary, IReadOnlyList<UncertainImage> labelNext)
    {
        if (labelNext.Count == 0)
            return;
        string measure = EyeCenters.Find(summary.Schema) is null ? "the frame's longer side" : "the distance between the eyes";
        html.Append("<section>\n<h2>Label these next</h2>\n<p class=\"note\">The model is least certain of these. Expected error: mean over the keypoints, ");
        html.Append($"in per cent of {measure}. All images: <a href=\"{ResultFiles.LabelNext}\">{ResultFiles.LabelNext}</a>.</p>\n");
        html.Append("<div class=\"scroll\"><table>\n<thead><tr><th>Image</th><th>Expected error</th><th>Worst keypoint</th></tr></thead>\n<tbody>\n");
        foreach (UncertainImage image in labelNext.Take(MaximumLabelNext))
        {
            string share = image.Share is double value ? $"{100 * value:0.0} %" : "no number";
            string worst = image.WorstKeypoint is string name ? $"{Text(Readable(name))}, {image.WorstPixels:0.0} px" : "";
            html.Append($"<tr><td>{Text(image.Image)}</td><td>{share}</td><td>{worst}</td></tr>\n");
        }

        html.Append("</tbody>\n</table></div>\n</section>\n");
    }

    private static void AppendFailures(StringBuilder html, BatchSummary summary, ReportContent content)
    {
        if (summary.Failed == 0)
            return;
        html.Append("<section>\n<h2>Failed images</h2>\n");
        if (content.Failures.Count < summary.Failed)
            html.Append($"<p class=\"note\">The first {content.Failures.Count:N0} of {summary.Failed:N0}; <a href=\"{ResultFiles.Errors}\">{ResultFiles.Errors}</a> has all.</p>\n");
        html.Append("<div class=\"scroll\"><table>\n<thead><tr><th>Image</th><th>Reason</th></tr></thead>\n<tbody>\n");
        foreach (ImageResult failure in content.Failures)
            html.Append($"<tr><td>{Text(failure.Image)}</td><td>{Text(failure.Error!)}</td></tr>\n");
        html.Append("</tbody>\n</table></div>\n</section>\n");
    }

    private static void AppendFooter(StringBuilder html, BatchSummary summary)
    {
        html.Append($"<footer>All coordinates, in pixels of the upright original images: <a href=\"{ResultFiles.Csv}\">{ResultFiles.Csv}</a>, ");
        html.Append($"<a href=\"{ResultFiles.JsonLines}\">{ResultFiles.JsonLines}</a>.");
        if (summary.Overlays > 0)
            html.Append($" Drawn images: <code>overlays/</code> ({summary.Overlays:N0}).");
        html.Append("</footer>\n");
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
