namespace KeypointPipeline.Fuzz.Tests;

/// <summary>Returns only a few bytes a read, as networks do, and never the same number twice in a row.</summary>
internal sealed class PiecemealStream(byte[] content) : MemoryStream(content, writable: false)
{
    private const int Longest = 61;
    private int _next = 1;

    /// <inheritdoc/>
    /// <remarks>A class that derives from <see cref="MemoryStream"/> gets all other reads here.</remarks>
    public override int Read(byte[] buffer, int offset, int count)
    {
        _next = (_next % Longest) + 7;
        return base.Read(buffer, offset, Math.Min(count, _next));
    }
}
