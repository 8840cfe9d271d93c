using KeypointPipeline.Files;
using KeypointPipeline.Formats.Coco;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Results.Tables;

/// <summary>Writes <c>coco.json</c>: the results as labels that other tools open and correct. It is in place once it is committed. Images
/// without a face are in it without annotations, so that a person can add the face. Images that failed are not in it.</summary>
internal sealed class CocoTable : IAsyncDisposable
{
    private readonly LabelWriter _writer;
    private readonly List<LabelledInstance> _instances = [];
    private ImageResult? _image;
    private long _row;

    /// <summary>Starts the file.</summary>
    /// <param name="store">Receives it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="schema">The model's keypoints.</param>
    public CocoTable(IResultStore store, string name, KeypointSchema schema) =>
        _writer = new CocoFormat().StartWriting(new Output(store, name), schema.Names, schema.Mirror);

    /// <summary>Adds a result. The results of an image come one after the other.</summary>
    /// <param name="result">The result.</param>
    /// <param name="origin">Says that the points are a prediction; null if the image failed.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    public async ValueTask AddAsync(ImageResult result, RowOrigin? origin, CancellationToken cancellationToken)
    {
        _row++;
        if (_image is not null && _image.Image != result.Image)
            await CompleteImageAsync(cancellationToken);
        if (origin is not null || result is { IsWithoutFace: true, Width: not null })
            _image ??= result;
        if (origin is null)
            return;
        _instances.Add(new LabelledInstance(_row, Points(result.Keypoints!))
        {
            Box = result.Box,
            Id = result.Instance,
            Origin = origin.ModelVersion,
            Checksum = origin.Checksum,
            Score = ExpectedSimilarity.Of(result),
        });
    }

    /// <summary>Puts the file in its place. Call once, after the last result.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await CompleteImageAsync(cancellationToken);
        await _writer.CompleteAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async ValueTask CompleteImageAsync(CancellationToken cancellationToken)
    {
        if (_image is null)
            return;
        await _writer.AddAsync(
            new LabelledPicture(_image.Image, [.. _instances]) { StatedSize = (_image.Width!.Value, _image.Height!.Value) }, cancellationToken);
        _instances.Clear();
        _image = null;
    }

    private static float[] Points(IReadOnlyList<double?> coordinates)
    {
        float[] points = new float[coordinates.Count];
        for (int i = 0; i < points.Length; i++)
            points[i] = (float?)coordinates[i] ?? float.NaN;
        return points;
    }

    /// <summary>Gives the format's file the name of the result.</summary>
    private sealed class Output(IResultStore store, string name) : LabelOutput
    {
        public override StagedFile Create(string path) => store.Create(name);
    }
}
