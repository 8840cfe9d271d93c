using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Local.Watching;

/// <summary>Finds batch markers and zips in <c>images</c> without listing the images, of which there may be hundreds of thousands. Lists
/// the top level, then requests each batch's marker. Requests the markers it already knows in turns, a few at each look, because a
/// rewritten marker starts its batch again.</summary>
internal sealed class BatchMarkers(PipelineStorage storage)
{
    private const int KnownBatchesPerLook = 16;
    private const string MarkerEnding = "/" + BlobLayout.ReadyMarker;

    private readonly HashSet<string> _marked = new(StringComparer.Ordinal);
    private int _turn;

    /// <summary>Looks once. Returns everything at the top level, and the markers that exist. If a folder's name is not a valid batch
    /// name, its marker is returned even if it does not exist. The user then gets a message about the name.</summary>
    public async IAsyncEnumerable<BlobSighting> FindAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batches = new List<string>();
        await foreach (BlobHierarchyItem item in storage.Container(BlobLayout.Images).GetBlobsByHierarchyAsync(
            BlobTraits.None, BlobStates.None, delimiter: "/", prefix: null, cancellationToken))
        {
            if (item.IsPrefix && BatchName.FindProblem(item.Prefix[..^1]) is null)
                batches.Add(item.Prefix[..^1]);
            else if (item.IsPrefix)
                yield return new BlobSighting(BlobLayout.Images, item.Prefix + BlobLayout.ReadyMarker, ETag: "");
            else if (item.Blob.Properties.ETag is ETag etag)
                yield return new BlobSighting(BlobLayout.Images, item.Blob.Name, etag.ToString());
        }

        foreach (string batch in ChooseBatches(batches))
        {
            if (await FindMarkerAsync(batch, cancellationToken) is { } marker)
            {
                _marked.Add(batch);
                yield return marker;
            }
        }
    }

    private IEnumerable<string> ChooseBatches(List<string> batches)
    {
        string[] known = [.. batches.Where(_marked.Contains)];
        IEnumerable<string> turn = Enumerable.Range(0, Math.Min(KnownBatchesPerLook, known.Length))
            .Select(i => known[(_turn + i) % known.Length]);
        _turn += KnownBatchesPerLook;
        return [.. batches.Where(batch => !_marked.Contains(batch)), .. turn];
    }

    private async Task<BlobSighting?> FindMarkerAsync(string batch, CancellationToken cancellationToken)
    {
        string marker = batch + MarkerEnding;
        return await storage.FindETagAsync(BlobLayout.Images, marker, cancellationToken) is ETag etag
            ? new BlobSighting(BlobLayout.Images, marker, etag.ToString())
            : null;
    }
}
