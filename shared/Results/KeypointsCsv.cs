using System.Text;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Results;

/// <summary>Lines of <c>keypoints.csv</c>, <c>errors.csv</c> and <c>label-next.csv</c>, as in RFC 4180: UTF-8, commas, decimal points, CRLF.</summary>
internal static class KeypointsCsv
{
    /// <summary>The <c>status</c> of an image with keypoints.</summary>
    public const string Ok = "ok";

    /// <summary>The <c>status</c> of an image that failed.</summary>
    public const string Failed = "failed";

    private const string EndOfLine = "\r\n";

    public static string ErrorHeader => "image,reason" + EndOfLine;

    public static string LabelNextHeader => "image,uncertainty,worst_keypoint,worst_uncertainty_px" + EndOfLine;

    public static string Header(KeypointSchema schema)
    {
        var line = new StringBuilder("image,width,height,status");
        foreach (string name in schema.Names)
            line.Append(',').Append(CsvText.Quote(name + "_x")).Append(',').Append(CsvText.Quote(name + "_y"));
        return line.Append(EndOfLine).ToString();
    }

    public static string Row(ImageResult result, KeypointSchema schema)
    {
        var line = new StringBuilder(CsvText.Name(result.Image));
        line.Append(',').Append(result.Width).Append(',').Append(result.Height);
        line.Append(',').Append(result.Succeeded ? Ok : Failed);
        for (int i = 0; i < schema.Count * 2; i++)
            line.Append(',').Append(result.Keypoints?[i]?.ToString("0.000"));
        return line.Append(EndOfLine).ToString();
    }

    public static string ErrorRow(ImageResult result) =>
        $"{CsvText.Name(result.Image)},{CsvText.Quote(result.Error!)}{EndOfLine}";

    public static string LabelNextRow(UncertainImage image) =>
        $"{CsvText.Name(image.Image)},{image.Share:0.00000},{CsvText.Quote(image.WorstKeypoint ?? "")},{image.WorstPixels:0.000}{EndOfLine}";
}
