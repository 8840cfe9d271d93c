namespace KeypointPipeline.Storage;

/// <summary>Compares ETags, which some services and clients put in quotes.</summary>
public static class BlobETag
{
    /// <summary>Whether two ETags are the same, with or without quotes.</summary>
    public static bool Same(string? left, string? right) => left?.Trim('"') == right?.Trim('"');
}
