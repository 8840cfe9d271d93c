using KeypointPipeline.Images;
using KeypointPipeline.Models;

namespace KeypointPipeline.Inference;

/// <summary>The results of one image of a set, with its picture if it was requested. The receiver disposes it.</summary>
/// <param name="Index">Its place in the set, from 0.</param>
/// <param name="Results">One prediction for each instance, the largest first, or why it failed. At least one.</param>
/// <param name="Picture">The picture to draw on, or null.</param>
public sealed record PredictedImage(int Index, IReadOnlyList<ImageResult> Results, Picture? Picture) : IDisposable
{
    /// <summary>The instances with their frames, in the order of the results. Empty without a picture.</summary>
    internal IReadOnlyList<FramedInstance> Instances { get; init; } = [];

    /// <summary>Gets whether at least one instance has keypoints.</summary>
    public bool Succeeded => Results.Any(result => result.Succeeded);

    /// <inheritdoc/>
    public void Dispose() => Picture?.Dispose();
}
