using Azure;

namespace KeypointPipeline.Storage;

/// <summary>Classifies the errors of the storage account by their status.</summary>
public static class StorageRefusal
{
    /// <summary>Returns whether the blob or container does not exist.</summary>
    public static bool IsNotFound(this RequestFailedException refusal) => refusal.Status == 404;

    /// <summary>Returns whether this identity lacks the permission.</summary>
    public static bool IsForbidden(this RequestFailedException refusal) => refusal.Status == 403;

    /// <summary>Returns whether the blob has changed since the request's ETag was read.</summary>
    public static bool IsReplaced(this RequestFailedException refusal) => refusal.Status == 412;

    /// <summary>Returns whether another writer was first: the blob already exists or has changed.</summary>
    public static bool IsOvertaken(this RequestFailedException refusal) => refusal.Status == 409 || refusal.IsReplaced();
}
