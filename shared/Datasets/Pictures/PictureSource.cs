using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Pictures;

/// <summary>Labels that name pictures, opened, and the pictures of their set.</summary>
/// <param name="labels">The labels.</param>
/// <param name="reader">Reads them.</param>
internal sealed class PictureSource(PictureLabels labels, LabelReader reader)
{
    private readonly PictureIndex _index = new(labels.Set);

    /// <summary>Decodes the pictures.</summary>
    public ImageDecoder Decoder { get; } = new();

    /// <summary>Keypoint names.</summary>
    public IReadOnlyList<string> Keypoints => reader.Keypoints;

    /// <summary>Records that labels name a picture. All pictures are recorded before the first one is found.</summary>
    public void Note(LabelledPicture picture) => _index.Note(picture, labels.MainFile);

    /// <summary>Finds a picture.</summary>
    public PictureLookup Find(LabelledPicture picture) => _index.Find(picture, labels.MainFile);

    /// <summary>Reads a picture's file.</summary>
    /// <exception cref="ImageRejectedException">The file is too large.</exception>
    /// <exception cref="RejectedFileException">The file is damaged or gone.</exception>
    /// <exception cref="IOException">It could not be read. Retry.</exception>
    public Task<ArraySegment<byte>> ReadAsync(SetFile file, CancellationToken cancellationToken) =>
        LimitedReader.ReadAsync(file, Decoder.Limits.MaximumBytes, cancellationToken);

    /// <summary>Returns the fault of instances whose picture cannot be read.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="reason">Why it cannot be read.</param>
    public static RowFault Unreadable(LabelledPicture picture, Exception reason) => new(
        RowProblemKind.PictureUnreadable, Column: null, $"the picture '{ShownText.Of(picture.Path)}' cannot be read: {reason.Message.TrimEnd('.')}");

    /// <summary>Names file and row of an instance, for example <c>labels.json annotation 12</c>.</summary>
    public string Describe(LabelledPicture picture, LabelledInstance instance) =>
        $"{(picture.File is string file ? ShownText.Of(file) : reader.FileName)} {reader.RowWord} {instance.Row:N0}";
}
