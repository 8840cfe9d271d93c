using System.Buffers;
using System.Globalization;
using System.Text;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.PictureTables;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Results.Tables;

/// <summary>Lines of <c>keypoints.csv</c>, <c>errors.csv</c> and <c>label-next.csv</c>, as in RFC 4180: UTF-8, commas, decimal points, CRLF.</summary>
internal static class KeypointsCsv
{
    /// <summary>The <c>status</c> of an image with keypoints.</summary>
    public const string Ok = "ok";

    /// <summary>The <c>status</c> of an image that failed.</summary>
    public const string Failed = ColumnNames.Failed;

    /// <summary>The <c>status</c> of an image that has keypoints and lacked a place: the whole image was used, and they may be wrong.</summary>
    public const string Whole = "whole";

    /// <summary>The <c>status</c> of an image in which no face was found.</summary>
    public const string WithoutFace = ColumnNames.WithoutFace;

    /// <summary>The <c>status</c> of an instance whose keypoints the model is too uncertain of: they may be wrong.</summary>
    public const string Doubtful = "doubtful";

    private const string EndOfLine = "\r\n";

    public static string ErrorHeader => "image,reason" + EndOfLine;

    public static string LabelNextHeader => "image,uncertainty,worst_keypoint,worst_uncertainty_px,face,instance,status" + EndOfLine;

    public static string Header(KeypointSchema schema)
    {
        var line = new StringBuilder(string.Join(',', ColumnNames.Image, ColumnNames.Width, ColumnNames.Height, ColumnNames.Status));
        foreach (string name in schema.Names)
            line.Append(',').Append(CsvText.Quote(name + "_x")).Append(',').Append(CsvText.Quote(name + "_y"));
        string[] facts =
        [
            ColumnNames.Face, ColumnNames.Instance, ColumnNames.BoxX, ColumnNames.BoxY, ColumnNames.BoxWidth, ColumnNames.BoxHeight, ColumnNames.Angle,
            ColumnNames.Origin, ColumnNames.Checksum,
        ];
        return line.Append(',').AppendJoin(',', facts).Append(EndOfLine).ToString();
    }

    /// <summary>The <c>status</c> of a result.</summary>
    public static string StatusOf(ImageResult result) => result switch
    {
        { IsWithoutFace: true } => WithoutFace,
        { Succeeded: false } => Failed,
        { LacksPlace: true } => Whole,
        { IsDoubtful: true } => Doubtful,
        _ => Ok,
    };

    /// <summary>Appends the row of a result.</summary>
    /// <param name="output">Receives the row.</param>
    /// <param name="result">The result.</param>
    /// <param name="schema">The model's keypoints.</param>
    /// <param name="origin">Says that the points are a prediction; null if the image failed.</param>
    public static void WriteRow(IBufferWriter<byte> output, ImageResult result, KeypointSchema schema, RowOrigin? origin)
    {
        Write(output, CsvText.Name(result.Image));
        WriteInteger(output, result.Width);
        WriteInteger(output, result.Height);
        output.Write(","u8);
        Write(output, StatusOf(result));
        for (int i = 0; i < schema.Count * 2; i++)
            WriteNumber(output, result.Keypoints?[i]);
        WriteInteger(output, result.Face);
        WriteText(output, result.Instance);
        WriteNumber(output, result.Box?.Left);
        WriteNumber(output, result.Box?.Top);
        WriteNumber(output, result.Box?.Width);
        WriteNumber(output, result.Box?.Height);
        WriteNumber(output, result.Box?.Angle);
        WriteText(output, origin?.ModelVersion);
        WriteText(output, origin?.Checksum);
        Write(output, EndOfLine);
    }

    public static string ErrorRow(ImageResult result) =>
        $"{CsvText.Name(result.Image)},{CsvText.Quote(result.Error!)}{EndOfLine}";

    public static string LabelNextRow(UncertainImage image) =>
        $"{CsvText.Name(image.Image)},{image.Share:0.00000},{CsvText.Quote(image.WorstKeypoint ?? "")},{image.WorstPixels:0.000},"
        + $"{image.Face},{CsvText.Name(image.Instance ?? "")},{image.Status}{EndOfLine}";

    /// <summary>Appends text in UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);

    private static void WriteInteger(IBufferWriter<byte> output, int? number)
    {
        const int Longest = 11;
        output.Write(","u8);
        if (number is int value && value.TryFormat(output.GetSpan(Longest), out int written, default, CultureInfo.InvariantCulture))
            output.Advance(written);
    }

    private static void WriteNumber(IBufferWriter<byte> output, double? number)
    {
        output.Write(","u8);
        if (number is double value)
            FixedNumber.Write(output, value);
    }

    private static void WriteText(IBufferWriter<byte> output, string? text)
    {
        output.Write(","u8);
        if (text is not null)
            Write(output, CsvText.Name(text));
    }
}
