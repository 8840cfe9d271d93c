using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Files;
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
    public async Task<ArraySegment<byte>> ReadAsync(SetFile file, CancellationToken cancellationToken)
    {
        int most = Decoder.Limits.MaximumBytes;
        if (file.Length > most)
            throw new ImageRejectedException($"The file has {file.Length:N0} bytes; at most {most:N0} are read.");
        await using Stream stream = await file.OpenAsync(cancellationToken);
        return await LimitedReader.ReadAsync(stream, most, cancellationToken, file.Length);
    }

    /// <summary>Names file and row of an instance, for example <c>labels.json annotation 12</c>.</summary>
    public string Describe(LabelledPicture picture, LabelledInstance instance) =>
        $"{(picture.File is string file ? ShownText.Of(file) : reader.FileName)} {reader.RowWord} {instance.Row:N0}";
}
