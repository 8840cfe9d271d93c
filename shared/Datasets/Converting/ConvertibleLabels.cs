using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets.Converting;

/// <summary>Labels that can be converted: those of tables with pixels, and those that name pictures.</summary>
internal abstract class ConvertibleLabels : IAsyncDisposable
{
    /// <summary>Keypoint names, in the order of the points.</summary>
    public abstract IReadOnlyList<string> Keypoints { get; }

    /// <summary>The mirror pairs.</summary>
    public abstract MirrorPairs Mirror { get; }

    /// <summary>What a person should know, one sentence each. Complete after reading.</summary>
    public abstract IEnumerable<string> Notes { get; }

    /// <summary>What is wrong with rows that are left out: the first ones, one sentence each. Complete after reading.</summary>
    public abstract IReadOnlyList<string> Problems { get; }

    /// <summary>Number of rows that are left out. Complete after reading.</summary>
    public abstract long Rejected { get; }

    /// <summary>Reads all pictures, streaming.</summary>
    /// <exception cref="Files.RejectedFileException">The labels as a whole cannot be used.</exception>
    /// <exception cref="IOException">A file could not be read.</exception>
    public abstract IAsyncEnumerable<ConvertiblePicture> ReadAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>A picture with its labels.</summary>
/// <param name="Source">The picture.</param>
/// <param name="Width">Width of the upright picture in pixels.</param>
/// <param name="Height">Height of the upright picture in pixels.</param>
/// <param name="Instances">Its instances without faults. Points and boxes are pixels of the upright picture.</param>
internal sealed record ConvertiblePicture(SourcePicture Source, int Width, int Height, IReadOnlyList<LabelledInstance> Instances);
