using System.Text;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Results.Report;

/// <summary>Words and limits that the parts of the report share.</summary>
internal static class ReportText
{
    /// <summary>Maximum number of keypoints with a colour. A page with more could not be read.</summary>
    public const int MaximumKeypoints = 1_000;

    /// <summary>A keypoint's name for people.</summary>
    public static string Readable(string keypoint) => keypoint.Replace('_', ' ');

    /// <summary>What the report calls an instance: <c>face</c> if the model predicts faces, otherwise <c>instance</c>.</summary>
    public static string Instance(KeypointSchema schema) => FaceParts.Find(schema) is null ? "instance" : "face";

    /// <summary>A number of instances, for example <c>3 faces</c>.</summary>
    public static string Count(KeypointSchema schema, int count) => $"{count:N0} {Instance(schema)}{(count == 1 ? "" : "s")}";

    /// <summary>Writes as many items as fit into a number of bytes, the first ones.</summary>
    public static (int Shown, string Html) Fit<T>(IEnumerable<T> items, int bytes, Func<T, string> write)
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
}
