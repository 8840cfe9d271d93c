namespace KeypointPipeline.Bench.Scale.Store;

/// <summary>The requests that the store knows, named as in the REST reference of Blob Storage.</summary>
internal enum StoreOperation
{
    /// <summary>Creates a container.</summary>
    CreateContainer,

    /// <summary>Lists up to 5,000 blobs.</summary>
    ListBlobs,

    /// <summary>Writes a whole blob.</summary>
    PutBlob,

    /// <summary>Uploads a block that is not part of a blob yet.</summary>
    PutBlock,

    /// <summary>Makes a blob of uploaded blocks.</summary>
    PutBlockList,

    /// <summary>Reads a blob or a range of it.</summary>
    GetBlob,

    /// <summary>Reads a blob's properties.</summary>
    GetBlobProperties,

    /// <summary>Deletes a blob.</summary>
    DeleteBlob,
}
