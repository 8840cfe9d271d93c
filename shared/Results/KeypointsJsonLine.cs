using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Results;

/// <summary>Lines of <c>keypoints.jsonl</c>: <c>{"image","status","width","height","keypoints":{"name":[x,y]},"error"}</c>. Every
/// line has these members; missing values are null. If the model gives uncertainties, <c>"uncertainty":[…]</c> follows the keypoints:
/// one length per keypoint, in their order.</summary>
internal static class KeypointsJsonLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IBufferWriter<byte> output, ImageResult result, KeypointSchema schema)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("image", result.Image);
            json.WriteString("status", result.Succeeded ? KeypointsCsv.Ok : KeypointsCsv.Failed);
            WriteNumber(json, "width", result.Width);
            WriteNumber(json, "height", result.Height);
            WriteKeypoints(json, result.Keypoints, schema);
            WriteUncertainty(json, result.Uncertainty);
            json.WriteString("error", result.Error);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteKeypoints(Utf8JsonWriter json, IReadOnlyList<double?>? keypoints, KeypointSchema schema)
    {
        if (keypoints is null)
        {
            json.WriteNull("keypoints");
            return;
        }

        json.WriteStartObject("keypoints");
        for (int k = 0; k < schema.Count; k++)
        {
            json.WritePropertyName(schema.Names[k]);
            if (keypoints[2 * k] is double x && keypoints[(2 * k) + 1] is double y)
            {
                json.WriteStartArray();
                json.WriteNumberValue(x);
                json.WriteNumberValue(y);
                json.WriteEndArray();
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndObject();
    }

    private static void WriteUncertainty(Utf8JsonWriter json, IReadOnlyList<double?>? uncertainty)
    {
        if (uncertainty is null)
            return;
        json.WriteStartArray("uncertainty");
        foreach (double? pixels in uncertainty)
        {
            if (pixels is double number)
                json.WriteNumberValue(number);
            else
                json.WriteNullValue();
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? value)
    {
        if (value is int number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
