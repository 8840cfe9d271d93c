using KeypointPipeline.Formats.Pictures;

namespace KeypointPipeline.Datasets.Converting;

/// <summary>What a conversion writes: label files, and perhaps copies of the pictures. Nothing is in place before
/// <see cref="Commit"/>.</summary>
internal abstract class ConvertedFiles : LabelOutput, IDisposable
{
    /// <summary>Sentences about the pictures for the person who converts. Complete after the last picture.</summary>
    public virtual IEnumerable<string> Notes => [];

    /// <summary>Puts a picture where its labels can name it.</summary>
    /// <returns>The path by which they name it.</returns>
    public abstract ValueTask<string> PlaceAsync(SourcePicture picture, CancellationToken cancellationToken);

    /// <summary>Puts the files in their places. Call once, after the label files are committed.</summary>
    public abstract void Commit();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Deletes what is not in place.</summary>
    /// <param name="disposing">True: there are no finalizers.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
