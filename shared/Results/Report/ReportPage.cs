using System.Security.Cryptography;
using System.Text;
using KeypointPipeline.Results.Overlays;

namespace KeypointPipeline.Results.Report;

/// <summary>Writes <c>report.html</c>: one file without network access or scripts, light and dark, for any window size. Its policy lets a
/// browser use only its own style and pictures. All text from outside is escaped. The page is smaller than 20 MB, whatever the images are
/// called and however many keypoints a model has.</summary>
internal static class ReportPage
{
    /// <summary>Creates the page.</summary>
    /// <param name="summary">The batch's counts.</param>
    /// <param name="content">The pictures and failures to show.</param>
    /// <param name="labelNext">The least certain instances, in order.</param>
    /// <param name="ranked">How many instances can be ranked.</param>
    public static string Create(BatchSummary summary, ReportContent content, IReadOnlyList<UncertainImage> labelNext, int ranked)
    {
        var palette = new KeypointPalette(summary.Schema);
        var html = new StringBuilder();
        string style = $"\n{ReportStyle.Css}{ReportStyle.ForKeypoints(palette, Math.Min(summary.Schema.Count, ReportText.MaximumKeypoints))}";
        string styleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
        html.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; ");
        html.Append($"style-src 'sha256-{styleHash}'; base-uri 'none'; form-action 'none'\"/>\n");
        html.Append($"<title>{Text(summary.Batch)} · keypoints</title>\n<style>{style}</style>\n</head>\n<body>\n");
        AppendHeader(html, summary);
        AppendNotes(html, summary, hasUncertainty: labelNext.Count > 0);
        var pictures = new ReportPictures(summary, content, palette);
        html.Append("<main>\n");
        pictures.AppendPictures(html);
        pictures.AppendInstances(html);
        pictures.AppendWithoutFace(html);
        ReportTables.AppendLabelNext(html, summary, labelNext, ranked, pictures);
        ReportTables.AppendFailures(html, summary, content);
        html.Append("</main>\n");
        AppendFooter(html, summary);
        return html.Append("</body>\n</html>\n").ToString();
    }

    private static void AppendHeader(StringBuilder html, BatchSummary summary)
    {
        html.Append("<header>\n<p class=\"eyebrow\">Keypoints</p>\n");
        html.Append($"<h1>{Text(summary.Batch)}</h1>\n<dl class=\"figures\">\n");
        AppendFigure(html, "Images", $"{summary.Images:N0}", null);
        AppendFigure(html, "With keypoints", $"{summary.Succeeded:N0}", "good");
        if (summary.Instances is int instances && (instances != summary.Succeeded || summary.Doubtful is not null))
            AppendFigure(html, ReportText.Instance(summary.Schema) == "face" ? "Faces" : "Instances", $"{instances:N0}", "good");
        if (summary.Doubtful is int doubtful)
            AppendFigure(html, "Doubtful", $"{doubtful:N0}", "doubt");
        if (summary.WithoutFace is int without)
            AppendFigure(html, "No face found", $"{without:N0}", "doubt");
        int failed = summary.Failed - (summary.WithoutFace ?? 0);
        AppendFigure(html, "Failed", $"{failed:N0}", failed == 0 ? null : "bad");
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

    private static void AppendFooter(StringBuilder html, BatchSummary summary)
    {
        html.Append($"<footer>All coordinates, in pixels of the upright original images: {ReportTables.Files(summary, ResultFiles.Csv)}, "
            + $"{ReportTables.Files(summary, ResultFiles.JsonLines)}; for labelling tools, {ReportTables.Files(summary, ResultFiles.Coco)}.");
        if (summary.Tables is { Count: var parts })
            html.Append($" These tables have {parts:N0} parts; <a href=\"{ResultFiles.Summary}\">{ResultFiles.Summary}</a> lists them.");
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

    private static string Text(string value) => HtmlText.Of(value);
}
