using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Images.Placing;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Formats.Yolo;

/// <summary>Writes a YOLO-pose dataset. The label files wait in a temporary file, and <c>data.yaml</c> comes last.</summary>
internal sealed class YoloWriter : LabelWriter
{
    /// <summary>Stands for the visibility of points for which nobody stated it, until it is known whether any point has one.</summary>
    private const char Unstated = '?';

    /// <summary>Ultralytics leaves a whole picture out if a coordinate lies farther outside.</summary>
    private const double Outside = 0.01;

    private readonly LabelOutput _output;
    private readonly IReadOnlyList<string> _keypoints;
    private readonly MirrorPairs _mirror;
    private readonly FileStream _file = TemporaryFile.Create("labels");
    private readonly BinaryWriter _labels;
    private readonly StringBuilder _text = new();
    private long _outside;
    private long _withoutBox;
    private long _unstated;
    private bool _statesVisibility;

    /// <summary>Starts the dataset.</summary>
    public YoloWriter(LabelOutput output, IReadOnlyList<string> keypoints, MirrorPairs mirror)
    {
        _output = output;
        _keypoints = keypoints;
        _mirror = mirror;
        _labels = new BinaryWriter(_file, Encoding.UTF8, leaveOpen: true);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Notes
    {
        get
        {
            if (_withoutBox > 0)
                yield return $"{_withoutBox:N0} instances have no box: the extent of their points was written.";
            if (_outside > 0)
                yield return $"{_outside:N0} points outside their picture were written as missing, because YOLO-pose allows none.";
            if (_unstated > 0 && _statesVisibility)
                yield return $"{_unstated:N0} points without a stated visibility were written as visible.";
        }
    }

    /// <inheritdoc/>
    public override ValueTask AddAsync(LabelledPicture picture, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        (int width, int height) = picture.StatedSize ?? throw new ArgumentException("YOLO-pose needs the picture's size.", nameof(picture));
        _text.Clear();
        foreach (LabelledInstance instance in picture.Instances.Where(instance => instance.Fault is null))
            Write(instance, width, height);
        _labels.Write(YoloPictures.LabelPathOf(picture.Path));
        _labels.Write(_text.ToString());
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _labels.Flush();
        _file.Position = 0;
        using (var reader = new BinaryReader(_file, Encoding.UTF8, leaveOpen: true))
        {
            while (_file.Position < _file.Length)
                await CreateAsync(reader.ReadString(), reader.ReadString().Replace(Unstated, _statesVisibility ? '2' : '1'), cancellationToken);
        }

        await CreateAsync(YoloFormat.FileName, Description(), cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _labels.DisposeAsync();
        await _file.DisposeAsync();
    }

    private static bool IsOutside(double share) => share is < -Outside or > 1 + Outside;

    /// <summary>A JSON string is also a quoted YAML string.</summary>
    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private async Task CreateAsync(string path, string text, CancellationToken cancellationToken)
    {
        await using StagedFile file = _output.Create(path);
        await file.Stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await file.CommitAsync(cancellationToken);
    }

    private void Write(LabelledInstance instance, int width, int height)
    {
        PictureBox? box = instance.Box ?? Extent.BoxAround(instance.Points);
        if (box is null)
            return;
        _withoutBox += instance.Box is null ? 1 : 0;
        _text.Append('0');
        Append(box.Left + (box.Width / 2), width);
        Append(box.Top + (box.Height / 2), height);
        Append(box.Width, width);
        Append(box.Height, height);
        for (int k = 0; k < _keypoints.Count; k++)
            WritePoint(instance, k, width, height);
        _text.Append('\n');
    }

    private void WritePoint(LabelledInstance instance, int k, int width, int height)
    {
        (double x, double y) = (instance.Points[2 * k] + 0.5, instance.Points[(2 * k) + 1] + 0.5);
        bool isOutside = IsOutside(x / width) || IsOutside(y / height);
        _outside += isOutside ? 1 : 0;
        if (double.IsNaN(x) || isOutside)
        {
            _text.Append(" 0 0 0");
            return;
        }

        LabelState state = instance.States?[k] ?? LabelState.Labelled;
        _unstated += state == LabelState.Labelled ? 1 : 0;
        _statesVisibility |= state != LabelState.Labelled;
        Append(x, width);
        Append(y, height);
        _text.Append(' ').Append(state switch { LabelState.Occluded => '1', LabelState.Labelled => Unstated, _ => '2' });
    }

    /// <summary>Appends a share with eight decimals. Thousandths of a pixel come back unchanged.</summary>
    private void Append(double pixels, int side) => _text.Append(' ').Append((Math.Round(pixels, 3) / side).ToString("0.########", CultureInfo.InvariantCulture));

    private string Description()
    {
        var text = new StringBuilder("# Keypoints in the YOLO-pose format of Ultralytics, written by KeypointPipeline\n");
        text.Append("train: images\nval: images\n");
        text.Append(CultureInfo.InvariantCulture, $"{YoloFormat.Shape}: [{_keypoints.Count}, 3]\n");
        if (_mirror.Pairs.Count > 0 && _mirror.OneSided.Count == 0)
            text.Append(CultureInfo.InvariantCulture, $"flip_idx: [{string.Join(", ", _mirror.IndicesIn(_keypoints).Map)}]\n");
        text.Append("names:\n  0: instance\nkpt_names:\n  0:\n");
        foreach (string keypoint in _keypoints)
            text.Append("    - ").Append(Quote(keypoint)).Append('\n');
        return text.ToString();
    }
}
