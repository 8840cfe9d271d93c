namespace KeypointPipeline.Storage;

/// <summary>Compares ETags. Some services and clients put them in quotes.</summary>
public static class BlobETag
{
    /// <summary>Returns whether two ETags are equal, ignoring quotes around them.</summary>
    public static bool Same(string? left, string? right) => left?.Trim('"') == right?.Trim('"');
}
