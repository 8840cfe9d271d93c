using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Results.Tables;

/// <summary>Writes lines of <c>keypoints.jsonl</c>: <c>{"image","status","width","height","keypoints":{"name":[x,y]},"error","face",
/// "instance","box":[x,y,width,height],"angle","origin","checksum"}</c>. Every line has these members; missing values are null. If the model
/// gives uncertainties, <c>"uncertainty":[…]</c> follows the keypoints: one length per keypoint, in their order.</summary>
/// <param name="output">Receives the lines.</param>
/// <param name="schema">The model's keypoints.</param>
internal sealed class KeypointsJsonLine(IBufferWriter<byte> output, KeypointSchema schema) : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonEncodedText[] _names = [.. schema.Names.Select(name => JsonEncodedText.Encode(name, Options.Encoder))];
    private readonly Utf8JsonWriter _json = new(output, Options);

    /// <summary>Appends a line.</summary>
    /// <param name="result">The result.</param>
    /// <param name="origin">Says that the points are a prediction; null if the image failed.</param>
    public void Write(ImageResult result, RowOrigin? origin)
    {
        _json.WriteStartObject();
        _json.WriteString("image"u8, result.Image);
        _json.WriteString("status"u8, KeypointsCsv.StatusOf(result));
        WriteNumber("width"u8, result.Width);
        WriteNumber("height"u8, result.Height);
        WriteKeypoints(result.Keypoints);
        WriteUncertainty(result.Uncertainty);
        _json.WriteString("error"u8, result.Error);
        WriteNumber("face"u8, result.Face);
        _json.WriteString("instance"u8, result.Instance);
        WriteBox(result.Box);
        _json.WriteString("origin"u8, origin?.ModelVersion);
        _json.WriteString("checksum"u8, origin?.Checksum);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        output.Write("\n"u8);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void WriteKeypoints(IReadOnlyList<double?>? keypoints)
    {
        if (keypoints is null)
        {
            _json.WriteNull("keypoints"u8);
            return;
        }

        _json.WriteStartObject("keypoints"u8);
        for (int k = 0; k < _names.Length; k++)
        {
            _json.WritePropertyName(_names[k]);
            if (keypoints[2 * k] is double x && keypoints[(2 * k) + 1] is double y)
            {
                _json.WriteStartArray();
                OptionalNumbersConverter.Write(_json, x);
                OptionalNumbersConverter.Write(_json, y);
                _json.WriteEndArray();
            }
            else
            {
                _json.WriteNullValue();
            }
        }

        _json.WriteEndObject();
    }

    private void WriteUncertainty(IReadOnlyList<double?>? uncertainty)
    {
        if (uncertainty is null)
            return;
        _json.WritePropertyName("uncertainty"u8);
        OptionalNumbersConverter.Write(_json, uncertainty);
    }

    private void WriteBox(PictureBox? box)
    {
        if (box is null)
        {
            _json.WriteNull("box"u8);
            _json.WriteNull("angle"u8);
            return;
        }

        _json.WriteStartArray("box"u8);
        foreach (double side in (ReadOnlySpan<double>)[box.Left, box.Top, box.Width, box.Height])
            OptionalNumbersConverter.Write(_json, Math.Round(side, 3));
        _json.WriteEndArray();
        _json.WritePropertyName("angle"u8);
        OptionalNumbersConverter.Write(_json, Math.Round(box.Angle, 3));
    }

    private void WriteNumber(ReadOnlySpan<byte> name, int? value)
    {
        if (value is int number)
            _json.WriteNumber(name, number);
        else
            _json.WriteNull(name);
    }
}
