using KeypointPipeline.Files;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>Writes labels in one format, streaming. Nothing is in place before <see cref="CompleteAsync"/>.</summary>
internal abstract class LabelWriter : IAsyncDisposable
{
    /// <summary>Adds a picture with its instances. Points are pixels of the upright picture, and <see cref="LabelledPicture.StatedSize"/> is
    /// its size.</summary>
    public abstract ValueTask AddAsync(LabelledPicture picture, CancellationToken cancellationToken);

    /// <summary>Completes the files after the last picture.</summary>
    public abstract Task CompleteAsync(CancellationToken cancellationToken);

    /// <summary>What the format cannot hold and was written otherwise or left out, one sentence each. Complete after
    /// <see cref="CompleteAsync"/>.</summary>
    public virtual IEnumerable<string> Notes => [];

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>Where a <see cref="LabelWriter"/> puts its files.</summary>
internal abstract class LabelOutput
{
    /// <summary>Creates a file. It is in place once it is committed.</summary>
    /// <param name="path">Its path, with <c>/</c> between its parts.</param>
    public abstract StagedFile Create(string path);
}
