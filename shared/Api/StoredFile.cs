using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api;

/// <summary>Opens blobs as files that endpoints answer with.</summary>
internal static class StoredFile
{
    /// <summary>Bytes that are read from storage at a time: few requests for a large file, little memory for many readers.</summary>
    private const int BufferBytes = 1 << 20;

    /// <summary>Attempts to open a blob that is replaced at the same time.</summary>
    private const int Attempts = 4;

    /// <summary>Opens a blob. Returns null if it does not exist.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="container">Its container.</param>
    /// <param name="name">Its name, which <see cref="BlobName"/> allows.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="downloadName">As in <see cref="ApiFile"/>.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public static async Task<ApiFile?> FindAsync(
        PipelineStorage storage, string container, string name, string contentType, string? downloadName, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (await storage.FindPropertiesAsync(container, name, cancellationToken) is not BlobProperties properties)
                return null;
            var options = new BlobOpenReadOptions(allowModifications: false)
            {
                BufferSize = BufferBytes,
                Conditions = new BlobRequestConditions { IfMatch = properties.ETag },
            };
            try
            {
                Stream content = await storage.Blob(container, name).OpenReadAsync(options, cancellationToken);
                return new ApiFile(content, contentType, properties.ETag.ToString("H"), properties.LastModified, downloadName);
            }
            catch (RequestFailedException e) when ((e.IsReplaced() || e.IsNotFound()) && attempt < Attempts)
            {
                // Another program replaced or deleted the blob between the two requests.
            }
        }
    }
}
