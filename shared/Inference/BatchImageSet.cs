using KeypointPipeline.Images;

namespace KeypointPipeline.Inference;

/// <summary>Images of a batch. They can be read until disposal.</summary>
public sealed class BatchImageSet : IDisposable
{
    private readonly IDisposable _opened;

    internal BatchImageSet(IDisposable opened, IReadOnlyList<ImageSource> images)
    {
        _opened = opened;
        Images = images;
    }

    /// <summary>The images.</summary>
    public IReadOnlyList<ImageSource> Images { get; }

    /// <inheritdoc/>
    public void Dispose() => _opened.Dispose();
}
