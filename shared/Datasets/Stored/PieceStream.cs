using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Sources;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets.Stored;

/// <summary>Reads pieces of a dataset in storage one after the other, as one stream.</summary>
/// <param name="storage">The account.</param>
/// <param name="manifest">The dataset.</param>
/// <param name="pieces">The pieces, in order.</param>
internal sealed class PieceStream(PipelineStorage storage, DatasetManifest manifest, IEnumerable<DatasetPiece> pieces) : ReadOnlyStream
{
    private readonly IEnumerator<DatasetPiece> _pieces = pieces.GetEnumerator();
    private Stream? _piece;

    /// <summary>Opens a piece.</summary>
    /// <exception cref="FileNotFoundException">Its blob is not in storage.</exception>
    /// <exception cref="InvalidDataException">Its blob has another size than the manifest implies.</exception>
    public static async Task<Stream> OpenAsync(PipelineStorage storage, DatasetManifest manifest, DatasetPiece piece, CancellationToken cancellationToken)
    {
        string name = $"{manifest.DatasetId}/{piece.Blob}";
        try
        {
            BlobDownloadStreamingResult blob = await storage.Blob(BlobLayout.Prepared, name).DownloadStreamingAsync(
                new BlobDownloadOptions { Range = new HttpRange(piece.Offset, piece.Bytes) }, cancellationToken);
            long bytes = SizeOf(blob.Details);
            if (bytes == piece.BlobBytes)
                return blob.Content;
            blob.Dispose();
            throw new InvalidDataException($"{BlobLayout.Prepared}/{name} has {bytes:N0} bytes; {piece.BlobBytes:N0} are expected. Drop {manifest.Source} again.");
        }
        catch (RequestFailedException e) when (e.IsNotFound())
        {
            throw new FileNotFoundException($"Prepared dataset '{manifest.DatasetId}' has no {piece.Blob} in storage. Drop {manifest.Source} again.", e);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.InvalidRange)
        {
            throw new InvalidDataException($"{BlobLayout.Prepared}/{name} is shorter than {piece.BlobBytes:N0} bytes. Drop {manifest.Source} again.", e);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (_piece is null)
            {
                if (!_pieces.MoveNext())
                    break;
                _piece = await OpenAsync(storage, manifest, _pieces.Current, cancellationToken);
            }

            int read = await _piece.ReadAsync(buffer, cancellationToken);
            if (read > 0)
                return read;
            await _piece.DisposeAsync();
            _piece = null;
        }

        return 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _piece?.Dispose();
            _pieces.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Bytes of the whole blob: the number after the slash in <c>bytes 0-99/1000</c>.</summary>
    private static long SizeOf(BlobDownloadDetails details) => details.ContentRange is string range
        && long.TryParse(range.AsSpan(range.IndexOf('/') + 1), out long bytes) ? bytes : details.ContentLength;
}
