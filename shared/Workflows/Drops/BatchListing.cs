using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Workflows.Drops;

/// <summary>Lists the markers and zips in <c>images</c> without the images, of which there may be hundreds of millions: lists the top level,
/// then requests each batch's marker. Markers that it has seen take turns.</summary>
/// <param name="storage">The account.</param>
/// <param name="limits">The size of a page, and how many known markers a pass requests.</param>
/// <param name="time">Used if storage does not state its own time.</param>
internal sealed class BatchListing(PipelineStorage storage, ReconcileLimits limits, TimeProvider time) : IDropListing
{
    private HashSet<string> _marked = new(StringComparer.Ordinal);
    private HashSet<string> _markedInPass = new(StringComparer.Ordinal);
    private int _known;
    private int _turn;

    /// <inheritdoc/>
    public string Container => BlobLayout.Images;

    /// <summary>Lists one page: everything at the top level, and the markers that exist. If a folder's name is not a valid batch name, its
    /// marker is listed even if it does not exist. The user then gets a message about the name.</summary>
    public async Task<DropPage> ListAsync(string? from, CancellationToken cancellationToken)
    {
        if (from is null)
            (_known, _markedInPass) = (0, new HashSet<string>(StringComparer.Ordinal));
        Page<BlobHierarchyItem> page = await storage.Container(Container)
            .GetBlobsByHierarchyAsync(BlobTraits.CopyStatus, BlobStates.None, delimiter: "/", prefix: null, cancellationToken)
            .AsPages(from, limits.PageSize)
            .FirstAsync(cancellationToken);
        var blobs = new List<SeenBlob>();
        var batches = new List<string>();
        foreach (BlobHierarchyItem item in page.Values)
        {
            if (item.IsPrefix && BatchName.FindProblem(item.Prefix[..^1]) is null)
                batches.Add(item.Prefix[..^1]);
            else if (item.IsPrefix)
                blobs.Add(new SeenBlob(item.Prefix + BlobLayout.ReadyMarker, ETag: "", Written: null));
            else if (item.Blob.Properties is { ETag: ETag etag, CopyStatus: null or CopyStatus.Success })
                blobs.Add(new SeenBlob(item.Blob.Name, etag.ToString(), item.Blob.Properties.LastModified));
        }

        string[] chosen = [.. batches.Where(IsTurnOf)];
        SeenBlob?[] markers = await Requests.SideBySideAsync(chosen, FindMarkerAsync, cancellationToken);
        foreach ((string batch, SeenBlob? marker) in chosen.Zip(markers))
        {
            if (marker is null)
            {
                _markedInPass.Remove(batch);
                continue;
            }

            _markedInPass.Add(batch);
            blobs.Add(marker);
        }

        string? next = string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken;
        if (next is null)
            EndPass();
        return new DropPage(blobs, next, page.GetRawResponse().Headers.Date ?? time.GetUtcNow(), chosen.Length);
    }

    private bool IsTurnOf(string batch)
    {
        if (!_marked.Contains(batch))
            return true;
        _markedInPass.Add(batch);
        int place = _known++;
        return place >= _turn && place < _turn + limits.KnownMarkers;
    }

    /// <summary>Forgets batches that are gone, and gives the turn to the next markers.</summary>
    private void EndPass()
    {
        _turn = _turn + limits.KnownMarkers < _known ? _turn + limits.KnownMarkers : 0;
        _marked = _markedInPass;
    }

    private async Task<SeenBlob?> FindMarkerAsync(string batch, CancellationToken cancellationToken)
    {
        string marker = BatchDrop.Marker(batch);
        return await storage.FindPropertiesAsync(Container, marker, cancellationToken) is BlobProperties found
            ? new SeenBlob(marker, found.ETag.ToString(), found.LastModified)
            : null;
    }
}
