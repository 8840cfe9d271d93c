using KeypointPipeline.Images;
using KeypointPipeline.Models;

namespace KeypointPipeline.Inference;

/// <summary>One result of a set, with the image to draw on where it was asked for. Whoever receives it disposes it.</summary>
/// <param name="Index">Its place in the set, from 0.</param>
/// <param name="Result">What became of the image.</param>
/// <param name="Picture">The image for people, or null.</param>
public sealed record PredictedImage(int Index, ImageResult Result, Picture? Picture) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Picture?.Dispose();
}
