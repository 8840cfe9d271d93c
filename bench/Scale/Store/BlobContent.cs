namespace KeypointPipeline.Bench.Scale.Store;

/// <summary>The content of a blob or block.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="Lines">Its line feeds: rows of tables can be counted although their content is not kept.</param>
/// <param name="Spaces">Where it is, in order; null if only its length and lines are kept.</param>
internal sealed record BlobContent(long Length, long Lines, IReadOnlyList<ContentSpace>? Spaces)
{
    /// <summary>Puts blocks together.</summary>
    public static BlobContent Of(IReadOnlyList<BlobContent> blocks) => new(
        blocks.Sum(block => block.Length),
        blocks.Sum(block => block.Lines),
        blocks.Any(block => block.Spaces is null) ? null : [.. blocks.SelectMany(block => block.Spaces!)]);
}
