namespace KeypointPipeline.Fuzz.Tests;

/// <summary>Gives a few bytes a read, as networks do, never the same number twice in a row.</summary>
internal sealed class PiecemealStream(byte[] content) : MemoryStream(content, writable: false)
{
    private const int Longest = 61;
    private int _next = 1;

    /// <inheritdoc/>
    /// <remarks>All other reads of a <see cref="MemoryStream"/> that is derived from come here.</remarks>
    public override int Read(byte[] buffer, int offset, int count)
    {
        _next = (_next % Longest) + 7;
        return base.Read(buffer, offset, Math.Min(count, _next));
    }
}
