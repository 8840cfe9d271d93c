using System.Text;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Results.Tables;

namespace KeypointPipeline.Results.Report;

/// <summary>Writes the tables of the report, and links to the tables beside it.</summary>
internal static class ReportTables
{
    /// <summary>Maximum number of instances under "Label these next"; <c>label-next.csv</c> lists more.</summary>
    private const int MaximumLabelNext = 10;

    /// <summary>Maximum bytes of the rows of a table.</summary>
    private const int RowBytes = 2_000_000;

    /// <summary>Writes what to label next.</summary>
    /// <param name="html">Receives it.</param>
    /// <param name="summary">The batch's counts.</param>
    /// <param name="labelNext">The least certain instances, in order.</param>
    /// <param name="ranked">How many instances can be ranked.</param>
    /// <param name="pictures">What the page shows of them.</param>
    public static void AppendLabelNext(
        StringBuilder html, BatchSummary summary, IReadOnlyList<UncertainImage> labelNext, int ranked, ReportPictures pictures)
    {
        if (labelNext.Count == 0)
            return;
        string measure = EyeCenters.Find(summary.Schema) is null ? "the frame's longer side" : "the distance between the eyes";
        string all = ranked > labelNext.Count ? $"The {labelNext.Count:N0} least certain" : "All";
        string concerns = labelNext.Any(image => image.Status != KeypointsCsv.Ok) ? " Instances that may be wrong and images without a face come first." : "";
        html.Append($"<section>\n<h2>Label these next</h2>\n<p class=\"note\">The model is least certain of these.{concerns} Expected error: mean over the keypoints, ");
        html.Append($"in per cent of {measure}. {all}: <a href=\"{ResultFiles.LabelNext}\">{ResultFiles.LabelNext}</a>.</p>\n");
        html.Append("<div class=\"scroll\"><table>\n<thead><tr><th>Image</th><th>Expected error</th><th>Worst keypoint</th><th>Status</th></tr></thead>\n<tbody>\n");
        html.Append(ReportText.Fit(labelNext.Take(MaximumLabelNext), RowBytes, Row).Html).Append("</tbody>\n</table></div>\n</section>\n");

        string Row(UncertainImage image)
        {
            string share = image.Share is double value ? $"{100 * value:0.0} %" : "no number";
            string worst = image.WorstKeypoint is string name ? $"{Text(ReportText.Readable(name))}, {image.WorstPixels:0.0} px" : "";
            string title = Text(image.Image) + (image.Face > 1 ? $", {ReportText.Instance(summary.Schema)} {image.Face}" : "");
            string place = pictures.Find(image.Image, image.Face) is string id ? $"<a href=\"#{id}\">{title}</a>" : title;
            return $"<tr><td>{place}</td><td>{share}</td><td>{worst}</td><td>{Text(image.Status)}</td></tr>\n";
        }
    }

    /// <summary>Writes what failed, and why. Images without a face have a section of their own.</summary>
    public static void AppendFailures(StringBuilder html, BatchSummary summary, ReportContent content)
    {
        if (content.Failures.Count == 0)
            return;
        int failed = content.FailedResults - content.WithoutFace;
        (int shown, string rows) = ReportText.Fit(
            content.Failures, RowBytes, failure => $"<tr><td>{Text(failure.Image)}</td><td>{Text(failure.Error!)}</td></tr>\n");
        html.Append("<section>\n<h2>Failed images</h2>\n");
        if (shown < failed)
            html.Append($"<p class=\"note\">The first {shown:N0} of {failed:N0}; {Files(summary, ResultFiles.Errors)} has all.</p>\n");
        html.Append("<div class=\"scroll\"><table>\n<thead><tr><th>Image</th><th>Reason</th></tr></thead>\n<tbody>\n");
        html.Append(rows).Append("</tbody>\n</table></div>\n</section>\n");
    }

    /// <summary>Names a table with a link, or the first and last of its parts.</summary>
    public static string Files(BatchSummary summary, string table) => summary.Tables is { Count: var parts }
        ? $"{Link(ResultFiles.Part(table, 0))} to {Link(ResultFiles.Part(table, parts - 1))}"
        : Link(table);

    private static string Link(string file) => $"<a href=\"{file}\">{file}</a>";

    private static string Text(string value) => HtmlText.Of(value);
}
