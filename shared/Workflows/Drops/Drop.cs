using System.Security.Cryptography;
using System.Text;
using Azure;
using KeypointPipeline.Datasets;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Workflows.Drops;

/// <summary>Dropped content that starts one workflow: a dataset with its sidecar, or a batch's marker or zip.</summary>
public sealed record Drop
{
    private Drop(string container, string name, string subject, string etag, string? sidecarETag)
    {
        Container = container;
        Name = name;
        Subject = subject;
        ETag = etag;
        SidecarETag = sidecarETag;
    }

    /// <summary><see cref="BlobLayout.Datasets"/> or <see cref="BlobLayout.Images"/>.</summary>
    public string Container { get; }

    /// <summary>Name of the blob that stands for the drop: the file, the marker or the zip.</summary>
    public string Name { get; }

    /// <summary>The dataset's path, or the batch's name.</summary>
    public string Subject { get; }

    /// <summary>ETag of the blob.</summary>
    public string ETag { get; }

    /// <summary>ETag of the dataset's sidecar, or null if it has none.</summary>
    public string? SidecarETag { get; }

    /// <summary>Container and name.</summary>
    public string Path => $"{Container}/{Name}";

    /// <summary>Id of the instance that the drop starts.</summary>
    public string InstanceId => Container == BlobLayout.Datasets
        ? InstanceIds.Ingest(Subject, ETag, SidecarETag)
        : InstanceIds.Batch(Subject, ETag);

    /// <summary>Name of its <see cref="HandledDrop"/> in <see cref="BlobLayout.Handled"/>: another content of the same blob has another
    /// record. Quotes around an ETag make no difference.</summary>
    public string Record
    {
        get
        {
            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Name}\n{ETag.Trim('"')}\n{SidecarETag?.Trim('"')}"));
            return $"{Container}/{Convert.ToHexStringLower(hash)[..32]}.json";
        }
    }

    /// <summary>The keys that earlier versions of the local host kept for this drop. Listings give ETags without quotes, and properties
    /// with them.</summary>
    internal IReadOnlyList<string> EarlierKeys => SidecarETag is null
        ? [$"{Path}@{ETag.Trim('"')}", $"{Path}@\"{ETag.Trim('"')}\""]
        : [$"{Path}@{ETag.Trim('"')}+{SidecarETag.Trim('"')}"];

    /// <summary>A dropped dataset.</summary>
    /// <param name="path">Its path (<see cref="DatasetPath"/>).</param>
    /// <param name="etag">ETag of its file or marker.</param>
    /// <param name="sidecarETag">ETag of its sidecar, or null if it has none.</param>
    public static Drop OfDataset(string path, string etag, string? sidecarETag)
    {
        ArgumentNullException.ThrowIfNull(etag);
        return new(BlobLayout.Datasets, DatasetPath.BlobOf(path), path, etag, sidecarETag);
    }

    /// <summary>A dropped batch.</summary>
    /// <param name="batch">Its name.</param>
    /// <param name="name">Name of its marker or zip.</param>
    /// <param name="etag">ETag of the marker or zip.</param>
    public static Drop OfBatch(string batch, string name, string etag)
    {
        ArgumentNullException.ThrowIfNull(etag);
        return new(BlobLayout.Images, name, batch, etag, sidecarETag: null);
    }

    /// <summary>Finds the drop that a blob is a part of.</summary>
    /// <param name="storage">The account: a dataset and its sidecar are one drop.</param>
    /// <param name="blob">What <see cref="DroppedBlob.Classify"/> says about the name.</param>
    /// <param name="name">The blob's name.</param>
    /// <param name="etag">Its content's ETag.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <returns>Null if the blob starts nothing. A sidecar without its file waits: the file will be found by itself.</returns>
    internal static async Task<Drop?> FindAsync(
        PipelineStorage storage, DroppedBlob blob, string name, string etag, CancellationToken cancellationToken) => blob.Kind switch
        {
            DropKind.Dataset => OfDataset(blob.Subject, etag, await new BlobSidecar(storage, blob.Subject).FindETagAsync(cancellationToken)),
            DropKind.Sidecar => await storage.FindETagAsync(BlobLayout.Datasets, blob.Subject, cancellationToken) is ETag file
                ? OfDataset(blob.Subject, file.ToString(), etag)
                : null,
            DropKind.Batch => OfBatch(blob.Subject, name, etag),
            _ => null,
        };

    /// <summary>Starts the drop's workflow unless its instance exists.</summary>
    /// <returns>Whether this call started it.</returns>
    internal Task<bool> StartAsync(IWorkflowClient workflows, CancellationToken cancellationToken) => Container == BlobLayout.Datasets
        ? workflows.StartAsync(IngestDataset.Ref, new IngestDatasetInput(Subject, ETag), InstanceId, cancellationToken)
        : workflows.StartAsync(InferBatch.Ref, new InferBatchInput(Subject, ETag), InstanceId, cancellationToken);
}
