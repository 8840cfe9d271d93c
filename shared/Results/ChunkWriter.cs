using System.Buffers;
using System.Text.Json;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results.Overlays;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Results;

/// <summary>Writes the results of a chunk, image by image, as lines that <see cref="ResultsMerger"/> reads. Draws the chosen images and
/// writes these overlays. Writing a chunk again gives the same bytes.</summary>
internal sealed class ChunkWriter
{
    private const int OverlayQuality = 88;
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = PipelineJson.Compact.Encoder };

    private readonly Stream _lines;
    private readonly IResultStore _overlays;
    private readonly KeypointPalette _palette;
    private readonly OverlaySample _sample;
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>Creates a writer.</summary>
    /// <param name="lines">Receives one line per image; the caller disposes and commits it.</param>
    /// <param name="overlays">Receives the overlays.</param>
    /// <param name="schema">The model's keypoints.</param>
    /// <param name="sample">Chooses the images of the whole batch that are drawn.</param>
    public ChunkWriter(Stream lines, IResultStore overlays, KeypointSchema schema, OverlaySample sample)
    {
        _lines = lines;
        _overlays = overlays;
        _palette = new KeypointPalette(schema);
        _sample = sample;
    }

    /// <summary>The images written so far.</summary>
    public ChunkTotals Totals { get; private set; } = new(0, 0);

    /// <summary>Writes one image's results, a line for each. If the sample draws the image and it succeeded, it must bring its picture.
    /// The first line refers to the overlay, which shows all instances.</summary>
    public async Task WriteAsync(PredictedImage image, CancellationToken cancellationToken)
    {
        string? overlay = null;
        Thumbnail? thumbnail = null;
        if (image.Picture is not null && _sample.HasThumbnail(image.Index) && (image.Succeeded || image.Results[0].IsWithoutFace))
        {
            using var small = image.Picture.Shrink(image.Results.Count > 1 ? Thumbnail.GroupSide : Thumbnail.Side);
            thumbnail = new Thumbnail(small.Width, small.Height, small.ToJpeg(Thumbnail.Quality));
        }

        if (image.Succeeded && image.Picture is not null && _sample.HasOverlay(image.Index))
        {
            overlay = ResultFiles.Overlay(image.Index, image.Results[0].Image);
            foreach (ImageResult result in image.Results.Where(result => result.Succeeded))
                OverlayDrawing.Draw(image.Picture, result, _palette);
            await _overlays.WriteAsync(overlay, image.Picture.ToJpeg(OverlayQuality), cancellationToken);
        }

        ImageResult[] others = [.. image.Results.Skip(1).Where(result => result.Succeeded)];
        InstanceCrop[] crops = thumbnail is null ? [] : [.. Crops(image).Take(_sample.CropsPerImage)];
        var first = new ChunkLine(image.Results[0], overlay, thumbnail)
        {
            Others = thumbnail is null || others.Length == 0 ? null : others,
            Crops = crops.Length == 0 ? null : crops,
        };
        await WriteLineAsync(first, cancellationToken);
        foreach (ImageResult result in image.Results.Skip(1))
            await WriteLineAsync(new ChunkLine(result, Overlay: null, Thumbnail: null), cancellationToken);

        Totals += image.Succeeded ? new ChunkTotals(1, 0) : new ChunkTotals(0, 1);
    }

    /// <summary>Encodes the frames of the instances that were predicted from a part of the image.</summary>
    private IEnumerable<InstanceCrop> Crops(PredictedImage image) => image.Instances.Zip(image.Results)
        .Where(pair => pair is { First.Frame: not null, Second: { Succeeded: true, Box: not null, Face: not null } })
        .Select(pair => new InstanceCrop(
            pair.Second.Face!.Value,
            pair.First.Transform,
            GreyImage.ToJpeg(pair.First.Frame, new FrameSize(_palette.Schema.FrameWidth, _palette.Schema.FrameHeight), Thumbnail.Quality)));

    private async Task WriteLineAsync(ChunkLine line, CancellationToken cancellationToken)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, JsonOptions))
            JsonSerializer.Serialize(json, line, PipelineJson.Compact);
        _line.Write("\n"u8);
        await _lines.WriteAsync(_line.WrittenMemory, cancellationToken);
    }
}
