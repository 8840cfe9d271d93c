using System.Buffers;
using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Results.Tables;

/// <summary>Writes the tables of a batch, or of a part of it. They are in place once they are committed.</summary>
internal sealed class PartTables : IAsyncDisposable
{
    private readonly KeypointSchema _schema;
    private readonly string _modelVersion;
    private readonly Table _csv;
    private readonly Table _jsonLines;
    private readonly Table _errors;
    private readonly Table[] _all;
    private readonly KeypointsJsonLine _json;
    private readonly CocoTable _coco;

    /// <summary>Starts the tables.</summary>
    /// <param name="store">Receives them.</param>
    /// <param name="run">How the results were made.</param>
    /// <param name="part">The part's number; null if the batch has one set of tables.</param>
    public PartTables(IResultStore store, BatchRun run, int? part)
    {
        _schema = run.Schema;
        _modelVersion = run.ModelVersion;
        _csv = new Table(store.Create(ResultFiles.Part(ResultFiles.Csv, part)));
        _jsonLines = new Table(store.Create(ResultFiles.Part(ResultFiles.JsonLines, part)));
        _errors = new Table(store.Create(ResultFiles.Part(ResultFiles.Errors, part)));
        _all = [_csv, _jsonLines, _errors];
        _json = new KeypointsJsonLine(_jsonLines.Buffer, _schema);
        _coco = new CocoTable(store, ResultFiles.Part(ResultFiles.Coco, part), _schema);
        KeypointsCsv.Write(_csv.Buffer, KeypointsCsv.Header(_schema));
        KeypointsCsv.Write(_errors.Buffer, KeypointsCsv.ErrorHeader);
    }

    /// <summary>Appends a result of an image.</summary>
    public async ValueTask AddAsync(ImageResult image, CancellationToken cancellationToken)
    {
        RowOrigin? origin = image.Keypoints is { } points ? new RowOrigin(_modelVersion, PredictionChecksum.Of(points)) : null;
        KeypointsCsv.WriteRow(_csv.Buffer, image, _schema, origin);
        _json.Write(image, origin);
        if (!image.Succeeded)
            KeypointsCsv.Write(_errors.Buffer, KeypointsCsv.ErrorRow(image));
        await _coco.AddAsync(image, origin, cancellationToken);
        if (Array.Exists(_all, table => table.IsFull))
            await FlushAsync(cancellationToken);
    }

    /// <summary>Puts the tables in their places. Call once, after the last image.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        foreach (Table table in _all)
            await table.File.CommitAsync(cancellationToken);
        await _coco.CommitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _json.Dispose();
        foreach (Table table in _all)
            await table.File.DisposeAsync();
        await _coco.DisposeAsync();
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        foreach (Table table in _all)
        {
            await table.File.Stream.WriteAsync(table.Buffer.WrittenMemory, cancellationToken);
            table.Buffer.ResetWrittenCount();
        }
    }

    private sealed record Table(StagedFile File)
    {
        private const int FullBytes = 1 << 16;

        public ArrayBufferWriter<byte> Buffer { get; } = new(2 * FullBytes);

        public bool IsFull => Buffer.WrittenCount >= FullBytes;
    }
}
