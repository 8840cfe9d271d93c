namespace KeypointPipeline.Inference;

/// <summary>Counts the images that are done.</summary>
/// <param name="Succeeded">Images with keypoints.</param>
/// <param name="Failed">Images that could not be read.</param>
public sealed record ChunkTotals(int Succeeded, int Failed)
{
    /// <summary>Adds two counts.</summary>
    public static ChunkTotals operator +(ChunkTotals a, ChunkTotals b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return new ChunkTotals(a.Succeeded + b.Succeeded, a.Failed + b.Failed);
    }
}
