using System.Buffers;
using System.Globalization;
using System.Text;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Results.Tables;

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

    public static void WriteRow(IBufferWriter<byte> output, ImageResult result, KeypointSchema schema)
    {
        Write(output, CsvText.Name(result.Image));
        WriteSide(output, result.Width);
        WriteSide(output, result.Height);
        output.Write(","u8);
        Write(output, result.Succeeded ? Ok : Failed);
        for (int i = 0; i < schema.Count * 2; i++)
        {
            output.Write(","u8);
            if (result.Keypoints?[i] is double coordinate)
                FixedNumber.Write(output, coordinate);
        }

        Write(output, EndOfLine);
    }

    public static string ErrorRow(ImageResult result) =>
        $"{CsvText.Name(result.Image)},{CsvText.Quote(result.Error!)}{EndOfLine}";

    public static string LabelNextRow(UncertainImage image) =>
        $"{CsvText.Name(image.Image)},{image.Share:0.00000},{CsvText.Quote(image.WorstKeypoint ?? "")},{image.WorstPixels:0.000}{EndOfLine}";

    /// <summary>Appends text in UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);

    private static void WriteSide(IBufferWriter<byte> output, int? side)
    {
        const int Longest = 11;
        output.Write(","u8);
        if (side is int pixels && pixels.TryFormat(output.GetSpan(Longest), out int written, default, CultureInfo.InvariantCulture))
            output.Advance(written);
    }
}
