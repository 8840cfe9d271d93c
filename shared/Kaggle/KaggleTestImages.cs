using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.PixelCsv.Pixels;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Kaggle;

/// <summary>Reads the images of <c>test.csv</c>, columns <c>ImageId</c> and <c>Image</c>, one at a time. Skips images that the lookup
/// table does not request.</summary>
internal sealed class KaggleTestImages : IAsyncDisposable
{
    private const string ImageColumn = "Image";
    private readonly KaggleTable _table;
    private readonly KaggleLookup _lookup;
    private readonly HashSet<long> _seen = [];
    private readonly int _id;
    private readonly int _image;
    private readonly PixelColumn _pixels;

    private KaggleTestImages(KaggleTable table, KaggleLookup lookup, KeypointSchema schema)
    {
        _table = table;
        _lookup = lookup;
        _id = table.Column("ImageId");
        _image = table.Column(ImageColumn);
        _pixels = new PixelColumn(ImageColumn, _image, new FrameSize(schema.FrameWidth, schema.FrameHeight));
    }

    /// <summary>Id of the image last read.</summary>
    public long ImageId { get; private set; }

    /// <summary>Pixels of the image last read, H·W bytes. Valid until the next read.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels.Pixels.Span;

    /// <summary>Share of the file read, 0 to 1.</summary>
    public double ShareRead => _table.ShareRead;

    /// <summary>Opens the file.</summary>
    /// <exception cref="RejectedFileException">The file cannot be used; the message says why.</exception>
    public static async Task<KaggleTestImages> OpenAsync(
        DatasetSource source, KaggleLookup lookup, KeypointSchema schema, CancellationToken cancellationToken)
    {
        KaggleTable table = await KaggleTable.OpenAsync(source, cancellationToken);
        try
        {
            return new KaggleTestImages(table, lookup, schema);
        }
        catch
        {
            await table.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the next requested image. Returns false at the end, if the file had all requested images.</summary>
    /// <exception cref="RejectedFileException">A row is bad, an image occurs twice, its size differs from the model's frame, or a
    /// requested image is missing.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (await _table.ReadAsync(cancellationToken))
        {
            ImageId = _table.Number(_id);
            if (!_seen.Add(ImageId))
                throw _table.Refused("ImageId", $"image {ImageId} is in an earlier row too. Use Kaggle's file as downloaded");
            if (_lookup.RowsOf(ImageId).IsEmpty)
                continue;
            if (_pixels.Parse(_table.Text(_image), usual: null, out _) is { } fault)
            {
                RowFault caused = _table.WithCause(fault);
                throw _table.Refused(fault.Column, caused == fault ? fault.Text + Advice(fault) : caused.Text);
            }

            return true;
        }

        ThrowIfAnyMissing();
        return false;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _table.DisposeAsync();

    private static string Advice(RowFault fault) => fault.Kind == RowProblemKind.PixelCount
        ? ", the model's frame. Use a model trained on images of this size"
        : ". Use Kaggle's file as downloaded";

    private void ThrowIfAnyMissing()
    {
        int missing = _lookup.Images.Count(id => !_seen.Contains(id));
        if (missing == 0)
            return;
        int row = _lookup.Rows.FindIndex(asked => !_seen.Contains(asked.ImageId));
        throw new RejectedFileException(
            $"{_lookup.File} row {row + 1:N0}, column ImageId: {_table.File} has no image {_lookup.Rows[row].ImageId}"
            + (missing > 1 ? $"; {missing:N0} requested images are missing in total" : "")
            + ". Use the test file that belongs to this lookup table.");
    }
}
