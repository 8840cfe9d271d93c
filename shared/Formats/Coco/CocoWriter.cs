using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Images.Placing;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Formats.Coco;

/// <summary>Writes a COCO file, streaming: the categories, each annotation as it comes, and the pictures at the end. They wait in a
/// temporary file, so that memory does not grow.</summary>
internal sealed class CocoWriter : LabelWriter
{
    /// <summary>Value of <c>bbox_from</c>: the instance has no box.</summary>
    public const string FromKeypoints = "keypoints";

    private const int FlushedBytes = 256 * 1024;

    /// <summary>Names with letters of any language stay readable. The file is no HTML.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly StagedFile _file;
    private readonly Utf8JsonWriter _json;
    private readonly FileStream _pictures = TemporaryFile.Create("pictures");
    private readonly Utf8JsonWriter _picturesJson;
    private int _picture;
    private long _annotation;

    /// <summary>Starts the file.</summary>
    /// <param name="file">The file. It is disposed with this object.</param>
    /// <param name="keypoints">Keypoint names.</param>
    public CocoWriter(StagedFile file, IReadOnlyList<string> keypoints)
    {
        _file = file;
        _json = new Utf8JsonWriter(file.Stream, Options);
        _picturesJson = new Utf8JsonWriter(_pictures, Options);
        _picturesJson.WriteStartArray();
        _json.WriteStartObject();
        _json.WriteStartObject("info");
        _json.WriteString("description", "Keypoints, written by KeypointPipeline");
        _json.WriteEndObject();
        _json.WriteStartArray(CocoFormat.Categories);
        _json.WriteStartObject();
        _json.WriteNumber("id", 1);
        _json.WriteString("name", "instance");
        _json.WriteStartArray("keypoints");
        foreach (string keypoint in keypoints)
            _json.WriteStringValue(keypoint);
        _json.WriteEndArray();
        _json.WriteStartArray("skeleton");
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.WriteEndArray();
        _json.WriteStartArray(CocoFormat.Annotations);
    }

    /// <inheritdoc/>
    public override async ValueTask AddAsync(LabelledPicture picture, CancellationToken cancellationToken)
    {
        _picture++;
        _picturesJson.WriteStartObject();
        _picturesJson.WriteNumber("id", _picture);
        _picturesJson.WriteString("file_name", picture.Path);
        if (picture.StatedSize is var (width, height))
        {
            _picturesJson.WriteNumber("width", width);
            _picturesJson.WriteNumber("height", height);
        }

        _picturesJson.WriteEndObject();
        foreach (LabelledInstance instance in picture.Instances.Where(instance => instance.Fault is null))
            Write(instance);
        if (_json.BytesPending > FlushedBytes)
            await _json.FlushAsync(cancellationToken);
        if (_picturesJson.BytesPending > FlushedBytes)
            await _picturesJson.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _json.WriteEndArray();
        await _json.FlushAsync(cancellationToken);
        _picturesJson.WriteEndArray();
        await _picturesJson.FlushAsync(cancellationToken);
        _pictures.Position = 0;
        await _file.Stream.WriteAsync(Encoding.UTF8.GetBytes($",\"{CocoFormat.Images}\":"), cancellationToken);
        await _pictures.CopyToAsync(_file.Stream, cancellationToken);
        await _file.Stream.WriteAsync("}\n"u8.ToArray(), cancellationToken);
        await _file.CommitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _json.Reset(Stream.Null);
        await _json.DisposeAsync();
        await _picturesJson.DisposeAsync();
        await _pictures.DisposeAsync();
        await _file.DisposeAsync();
    }

    private static LabelState StateOf(LabelledInstance instance, int k) =>
        instance.States?[k] ?? (float.IsNaN(instance.Points[2 * k]) ? LabelState.Missing : LabelState.Labelled);

    private void Write(LabelledInstance instance)
    {
        LabelState[] states = [.. Enumerable.Range(0, instance.Points.Length / 2).Select(k => StateOf(instance, k))];
        int labelled = states.Count(IsPlaced);
        PictureBox box = instance.Box ?? Extent.BoxAround(instance.Points) ?? new PictureBox(0, 0, 0, 0);
        _json.WriteStartObject();
        _json.WriteNumber("id", ++_annotation);
        _json.WriteNumber("image_id", _picture);
        _json.WriteNumber("category_id", 1);
        _json.WriteNumber("iscrowd", 0);
        _json.WriteNumber("area", box.Width * box.Height);
        _json.WriteStartArray("bbox");
        foreach (double side in (double[])[box.Left, box.Top, box.Width, box.Height])
            _json.WriteNumberValue(side);
        _json.WriteEndArray();
        _json.WriteStartArray("segmentation");
        _json.WriteEndArray();
        _json.WriteNumber("num_keypoints", labelled);
        _json.WriteStartArray("keypoints");
        for (int k = 0; k < states.Length; k++)
            WritePoint(states[k], instance.Points[2 * k], instance.Points[(2 * k) + 1]);
        _json.WriteEndArray();
        WriteOwnMembers(instance, states);
        _json.WriteEndObject();
    }

    private void WritePoint(LabelState state, float x, float y)
    {
        bool isPlaced = IsPlaced(state);
        _json.WriteNumberValue(isPlaced ? x : 0);
        _json.WriteNumberValue(isPlaced ? y : 0);
        _json.WriteNumberValue(state == LabelState.Occluded ? 1 : isPlaced ? 2 : 0);
    }

    private void WriteOwnMembers(LabelledInstance instance, LabelState[] states)
    {
        // A file in which every labelled point has v = 1 states no visibility, so such a file repeats that its points are hidden.
        bool isAmbiguous = Array.Exists(states, state => state == LabelState.Occluded) && !Array.Exists(states, state => state == LabelState.Visible);
        if (isAmbiguous || Array.Exists(states, state => state is LabelState.Labelled or LabelState.Absent))
            _json.WriteString("keypoint_states", string.Concat(states.Select(state => (char)('0' + (int)state))));
        if (instance.Box is null)
            _json.WriteString("bbox_from", FromKeypoints);
        else if (instance.Box.Angle != 0)
            WriteRotation(instance.Box.Angle);
        WriteText("instance", instance.Id);
        WriteText("group", instance.Group);
        WriteText("origin", instance.Origin);
        WriteText("checksum", instance.Checksum);
        if (instance.Score is double score)
            _json.WriteNumber("score", score);
    }

    private void WriteRotation(double angle)
    {
        _json.WriteStartObject("attributes");
        _json.WriteNumber("rotation", angle);
        _json.WriteEndObject();
    }

    private void WriteText(string member, string? text)
    {
        if (text is not null)
            _json.WriteString(member, text);
    }

    private static bool IsPlaced(LabelState state) => state is LabelState.Labelled or LabelState.Visible or LabelState.Occluded;
}
