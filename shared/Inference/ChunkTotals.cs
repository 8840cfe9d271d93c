namespace KeypointPipeline.Inference;

/// <summary>Images done.</summary>
public sealed record ChunkTotals(int Succeeded, int Failed)
{
    /// <summary>Adds up.</summary>
    public static ChunkTotals operator +(ChunkTotals a, ChunkTotals b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return new ChunkTotals(a.Succeeded + b.Succeeded, a.Failed + b.Failed);
    }
}
