using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>Reads the labels of a set in one format. Opening it has read what is needed to know the keypoints.</summary>
internal abstract class LabelReader : IAsyncDisposable
{
    /// <summary>Keypoint names, in the order of <see cref="LabelledInstance.Points"/>.</summary>
    public abstract IReadOnlyList<string> Keypoints { get; }

    /// <summary>Name of the label file for messages, for example <c>labels.json</c>. Pictures of several files name theirs
    /// (<see cref="LabelledPicture.File"/>).</summary>
    public abstract string FileName { get; }

    /// <summary>What the format calls a row in messages, for example <c>row</c> or <c>annotation</c>.</summary>
    public virtual string RowWord => "row";

    /// <summary>Mirror pairs that the file states, or null.</summary>
    public virtual MirrorStatement? Mirror => null;

    /// <summary>Whether the format does not say how it marks missing points. Points at 0,0 or -1,-1 may then be marks, and all coordinates
    /// may be shares of the picture: a survey of all rows finds out.</summary>
    public virtual bool HasOpenConventions => false;

    /// <summary>What was found and the files do not state, one sentence each. Complete after reading.</summary>
    public virtual IEnumerable<string> Guesses => [];

    /// <summary>What may be wrong, one sentence each. Complete after reading.</summary>
    public virtual IEnumerable<string> Warnings => [];

    /// <summary>Reads all pictures from the start, streaming. It can be called again after it ended. All instances of a picture come
    /// together, also if the file scatters them.</summary>
    /// <exception cref="Files.RejectedFileException">The file as a whole cannot be read on. The message names the place.</exception>
    /// <exception cref="IOException">A file could not be read. Retry.</exception>
    public abstract IAsyncEnumerable<LabelledPicture> ReadAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what the reader has open.</summary>
    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;
}
