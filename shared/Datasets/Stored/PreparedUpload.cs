using Azure;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets.Stored;

/// <summary>Writes a prepared dataset to storage, in pieces and without a local file. The pieces are uploaded to a folder of their own
/// below <see cref="BlobLayout.PreparedIncoming"/>, because the dataset's id is known only after its last row. Publishing copies them under
/// the id on the server's side, and writes the manifest last. Disposing it deletes the folder.</summary>
public sealed class PreparedUpload : PreparedOutput, IAsyncDisposable
{
    /// <summary>Pieces that are copied at once.</summary>
    private const int Copies = 8;

    private readonly PipelineStorage _storage;
    private readonly PreparedDatasetStore _store;
    private (string Folder, DatasetManifest Manifest, long PicturesBytes)? _complete;

    /// <summary>Starts an upload. Sends no request yet.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="store">The datasets in it.</param>
    internal PreparedUpload(PipelineStorage storage, PreparedDatasetStore store)
    {
        _storage = storage;
        _store = store;
    }

    /// <inheritdoc/>
    internal override PreparedDatasetWriter Start(int keypoints, bool ofPictures) => new Writer(this, keypoints, ofPictures);

    /// <summary>Publishes the dataset that was written. Publishing the same dataset again changes nothing, because its id is derived
    /// from its content, unless an earlier version found other mirror pairs in it: the manifest then gets those of this version.</summary>
    /// <exception cref="InvalidOperationException">No dataset was completed.</exception>
    /// <exception cref="IOException">The server did not complete a copy. Retry.</exception>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        (string folder, DatasetManifest manifest, long picturesBytes) = _complete ?? throw new InvalidOperationException("No dataset was completed.");
        if (await _store.FindAsync(manifest.DatasetId, cancellationToken) is DatasetManifest existing)
        {
            if (existing.Schema.MirrorKey != manifest.Schema.MirrorKey)
                await _store.WriteAsync(existing with { Schema = manifest.Schema }, cancellationToken);
            return;
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = Copies, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(PreparedDatasetFiles.Of(manifest).SelectMany(file => DatasetPiece.Of(manifest, file)), options, async (piece, token) =>
            await _storage.CopyAsync(BlobLayout.Prepared, folder + piece.Blob, $"{manifest.DatasetId}/{piece.Blob}", piece.BlobBytes, token));
        if (manifest.Framing is not null)
        {
            const string Pictures = PreparedDatasetFiles.Pictures;
            await _storage.CopyAsync(BlobLayout.Prepared, folder + Pictures, $"{manifest.DatasetId}/{Pictures}", picturesBytes, cancellationToken);
        }

        await _store.WriteAsync(manifest, cancellationToken);
    }

    /// <summary>Deletes what was uploaded for this attempt.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_complete is { } complete)
            await DeleteAsync(complete.Folder);
    }

    private async Task DeleteAsync(string folder)
    {
        try
        {
            await _storage.DeleteAllAsync(BlobLayout.Prepared, folder, CancellationToken.None);
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or OperationCanceledException or IOException)
        {
            // Storage cannot be reached. What is left is deleted after a day, like the folder of an attempt that was killed.
        }
    }

    /// <summary>One attempt to write the dataset.</summary>
    private sealed class Writer(PreparedUpload upload, int keypoints, bool ofPictures) : PreparedDatasetWriter(keypoints)
    {
        private readonly string _folder = $"{BlobLayout.PreparedIncoming}{Guid.NewGuid():N}/";
        private readonly PieceWriter[] _files = [.. FilesOf(ofPictures).Select(file => new PieceWriter(file))];
        private BlockUploadStream? _pictures;
        private bool _isComplete;

        public override async Task CompleteAsync(DatasetManifest manifest, CancellationToken cancellationToken)
        {
            foreach (PieceWriter file in _files)
                await file.CommitAsync(cancellationToken);
            if (_pictures is not null)
                await _pictures.CommitAsync(cancellationToken);
            upload._complete = (_folder, manifest with { PieceBytes = upload._store.PieceBytes }, _pictures?.Position ?? 0);
            _isComplete = true;
        }

        public override async ValueTask DisposeAsync()
        {
            foreach (PieceWriter file in _files)
                await file.DisposeAsync();
            if (_pictures is not null)
                await _pictures.DisposeAsync();
            if (!_isComplete && Array.Exists(_files, file => file.HasPieces))
                await upload.DeleteAsync(_folder);
        }

        protected override ValueTask AppendAsync(int file, ReadOnlyMemory<byte> row, CancellationToken cancellationToken) =>
            _files[file].AppendAsync(upload._storage, _folder, upload._store.PieceBytes, row, cancellationToken);

        protected override ValueTask AppendLineAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
        {
            _pictures ??= upload._storage.StartUpload(BlobLayout.Prepared, _folder + PreparedDatasetFiles.Pictures);
            return _pictures.WriteAsync(line, cancellationToken);
        }
    }

    /// <summary>Writes one file in pieces.</summary>
    private sealed class PieceWriter(string file) : IAsyncDisposable
    {
        private BlockUploadStream? _piece;
        private int _pieces;
        private int _rows;

        /// <summary>Whether a piece may be in storage.</summary>
        public bool HasPieces => _pieces > 0;

        public async ValueTask AppendAsync(
            PipelineStorage storage, string folder, int pieceBytes, ReadOnlyMemory<byte> row, CancellationToken cancellationToken)
        {
            _piece ??= storage.StartUpload(BlobLayout.Prepared, folder + PartName.Of(file, _pieces++));
            await _piece.WriteAsync(row, cancellationToken);
            if (++_rows == DatasetPiece.RowsIn(row.Length, pieceBytes))
                await CommitAsync(cancellationToken);
        }

        public async Task CommitAsync(CancellationToken cancellationToken)
        {
            if (_piece is null)
                return;
            await _piece.CommitAsync(cancellationToken);
            await _piece.DisposeAsync();
            (_piece, _rows) = (null, 0);
        }

        public async ValueTask DisposeAsync()
        {
            if (_piece is not null)
                await _piece.DisposeAsync();
        }
    }
}
