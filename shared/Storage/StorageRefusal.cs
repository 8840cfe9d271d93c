using Azure;

namespace KeypointPipeline.Storage;

/// <summary>What the storage account means by refusing a request.</summary>
public static class StorageRefusal
{
    /// <summary>Whether there is no such blob or container.</summary>
    public static bool IsNotFound(this RequestFailedException refusal) => refusal.Status == 404;

    /// <summary>Whether the blob is not the one any more that the request expects.</summary>
    public static bool IsReplaced(this RequestFailedException refusal) => refusal.Status == 412;

    /// <summary>Whether somebody else was first: the blob is already there, or is not the one that the request expects.</summary>
    public static bool IsOvertaken(this RequestFailedException refusal) => refusal.Status == 409 || refusal.IsReplaced();
}
