using System.Text.Json;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Results;

/// <summary>Writes the results of a part of a batch, image by image, as lines that <see cref="ResultsMerger"/> reads; draws and
/// writes the overlays of the chosen images. Writing a part again gives the same bytes.</summary>
public sealed class ChunkWriter
{
    private const int OverlayQuality = 88;

    private readonly Stream _lines;
    private readonly IResultStore _overlays;
    private readonly KeypointPalette _palette;
    private readonly OverlaySample _sample;

    /// <summary>Creates a writer.</summary>
    /// <param name="lines">Receives one line per image; stays the caller's to dispose and commit.</param>
    /// <param name="overlays">Receives the overlays.</param>
    /// <param name="schema">The model's keypoints.</param>
    /// <param name="sample">Which images of the whole batch are drawn.</param>
    public ChunkWriter(Stream lines, IResultStore overlays, KeypointSchema schema, OverlaySample sample)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(overlays);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(sample);
        _lines = lines;
        _overlays = overlays;
        _palette = new KeypointPalette(schema);
        _sample = sample;
    }

    /// <summary>Images with keypoints so far.</summary>
    public int Succeeded { get; private set; }

    /// <summary>Images without so far.</summary>
    public int Failed { get; private set; }

    /// <summary>Writes one image's result. The picture must be there where the sample has an overlay and the image succeeded.</summary>
    public async Task WriteAsync(PredictedImage image, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        string? overlay = null;
        Thumbnail? thumbnail = null;
        if (image.Result.Succeeded && image.Picture is not null && _sample.HasOverlay(image.Index))
        {
            if (_sample.HasThumbnail(image.Index))
            {
                using var small = image.Picture.Shrink(Thumbnail.Side);
                thumbnail = new Thumbnail(small.Width, small.Height, small.ToJpeg(Thumbnail.Quality));
            }

            overlay = ResultFiles.Overlay(image.Index, image.Result.Image);
            OverlayDrawing.Draw(image.Picture, image.Result, _palette);
            await _overlays.WriteAsync(overlay, image.Picture.ToJpeg(OverlayQuality), cancellationToken);
        }

        byte[] line = JsonSerializer.SerializeToUtf8Bytes(new ChunkLine(image.Result, overlay, thumbnail), PipelineJson.Compact);
        await _lines.WriteAsync(line, cancellationToken);
        await _lines.WriteAsync("\n"u8.ToArray(), cancellationToken);
        if (image.Result.Succeeded)
            Succeeded++;
        else
            Failed++;
    }
}
