using System.Runtime.CompilerServices;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Results;

/// <summary>Lists the result files of batches.</summary>
/// <param name="storage">The account.</param>
public sealed class StoredResults(PipelineStorage storage)
{
    /// <summary>Lists the result files of a batch, below <c>results/{batch}/</c>. Does not list the work files of a prediction that runs:
    /// there may be hundreds of thousands.</summary>
    public async IAsyncEnumerable<BlobItem> ListAsync(string batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (BlobHierarchyItem item in storage.Container(BlobLayout.Results)
            .GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, delimiter: "/", $"{batch}/", cancellationToken))
        {
            if (item.IsBlob && BlobName.FindProblem(item.Blob.Name) is null)
            {
                yield return item.Blob;
            }
            else if (item.IsPrefix && item.Prefix != BatchWork.Folders(batch))
            {
                await foreach (BlobItem blob in storage.ListAsync(BlobLayout.Results, item.Prefix, cancellationToken))
                    yield return blob;
            }
        }
    }
}
