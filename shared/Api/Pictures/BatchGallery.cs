using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Pictures;

/// <summary>The pictures of finished batches. Keeps where the pictures of the last few batches are, so that turning pages reads only the
/// lines of a page.</summary>
/// <param name="storage">The account.</param>
public sealed class BatchGallery(PipelineStorage storage)
{
    private const int MostKept = 8;
    private const int ReadsAtOnce = 16;

    private readonly Lock _gate = new();
    private readonly LinkedList<(string Key, GalleryIndex Index)> _kept = new();

    /// <summary>Gets where the pictures of a batch are.</summary>
    /// <exception cref="ApiProblemException">404: the batch has no complete results.</exception>
    internal async Task<GalleryIndex> GetAsync(string batch, CancellationToken cancellationToken)
    {
        StoredDocument<BatchSummary> summary = await BatchResults.FindStoredSummaryAsync(storage, batch, cancellationToken)
            ?? throw new ApiProblemException(
                404, "No such batch", $"Batch '{batch}' has no complete results. GET {ApiRoute.Prefix}batches lists the batches; ask again once it has ended.");
        string key = $"{batch}\n{summary.ETag}";
        lock (_gate)
        {
            for (LinkedListNode<(string Key, GalleryIndex Index)>? node = _kept.First; node is not null; node = node.Next)
            {
                if (node.Value.Key != key)
                    continue;
                _kept.Remove(node);
                _kept.AddFirst(node);
                return node.Value.Index;
            }
        }

        GalleryIndex index = await ReadIndexAsync(batch, summary.Value, cancellationToken);
        lock (_gate)
        {
            _kept.AddFirst((key, index));
            if (_kept.Count > MostKept)
                _kept.RemoveLast();
        }

        return index;
    }

    /// <summary>Reads pictures of a batch.</summary>
    /// <param name="index">The batch.</param>
    /// <param name="pictures">Indices of the pictures.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    internal async Task<IReadOnlyList<BatchPicture>> ReadAsync(GalleryIndex index, IReadOnlyList<int> pictures, CancellationToken cancellationToken)
    {
        var read = new BatchPicture[pictures.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForAsync(0, read.Length, options, async (int i, CancellationToken token) =>
                read[i] = await ReadAsync(index, index.Pictures[pictures[i]], token));
        }
        catch (RequestFailedException e) when (e.IsReplaced() || e.IsNotFound())
        {
            throw Changing();
        }

        return read;
    }

    private async Task<BatchPicture> ReadAsync(GalleryIndex index, GalleryEntry entry, CancellationToken cancellationToken)
    {
        GalleryTable table = index.Tables[entry.Table];
        var options = new BlobDownloadOptions
        {
            Range = new HttpRange(entry.Offset, entry.Bytes),
            Conditions = new BlobRequestConditions { IfMatch = table.ETag },
        };
        BlobDownloadResult lines = await storage.Blob(BlobLayout.Results, table.Blob).DownloadContentAsync(options, cancellationToken);
        return Describe(index, entry, lines.Content.ToMemory().Span);
    }

    private static BatchPicture Describe(GalleryIndex index, GalleryEntry entry, ReadOnlySpan<byte> bytes)
    {
        var lines = new List<PictureLine>();
        foreach (Range range in bytes.Split((byte)'\n'))
        {
            if (PictureLine.Parse(bytes[range]) is PictureLine line)
                lines.Add(line);
        }

        PictureLine first = lines[0];
        return new BatchPicture(
            first.Image,
            first.Width,
            first.Height,
            double.IsNaN(entry.Doubt) ? null : entry.Doubt,
            entry.Failed ? first.Error : null,
            entry.Failed ? [] : [.. lines.Select(line => line.ToFace(index.Names))]);
    }

    private async Task<GalleryIndex> ReadIndexAsync(string batch, BatchSummary summary, CancellationToken cancellationToken)
    {
        try
        {
            return await new GalleryReader(storage).ReadAsync(batch, summary, cancellationToken);
        }
        catch (RequestFailedException e) when (e.IsReplaced() || e.IsNotFound())
        {
            throw Changing();
        }
    }

    private static ApiProblemException Changing() =>
        new(409, "Results are changing", "The batch is being predicted again, so its tables change. Ask again once it has ended.");
}
