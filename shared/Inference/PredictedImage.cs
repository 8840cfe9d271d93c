using KeypointPipeline.Images;
using KeypointPipeline.Models;

namespace KeypointPipeline.Inference;

/// <summary>The result of one image of a set, with its picture if it was requested. The receiver disposes it.</summary>
/// <param name="Index">Its place in the set, from 0.</param>
/// <param name="Result">The prediction, or why it failed.</param>
/// <param name="Picture">The picture to draw on, or null.</param>
public sealed record PredictedImage(int Index, ImageResult Result, Picture? Picture) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Picture?.Dispose();
}
