using System.Text.RegularExpressions;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Pictures;

/// <summary>Reads the tables of a batch once and notes where each picture is.</summary>
/// <param name="storage">The account.</param>
internal sealed partial class GalleryReader(PipelineStorage storage)
{
    /// <summary>Bytes of the tables that are read: about 40,000 pictures of 15 keypoints. Reading more would keep people waiting.</summary>
    internal const long MostBytes = 64L << 20;

    private const int BufferBytes = 1 << 20;

    private readonly List<GalleryTable> _tables = [];
    private readonly List<GalleryEntry> _entries = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ErrorTally> _errors = new(StringComparer.Ordinal);

    /// <summary>Reads the tables of a batch.</summary>
    /// <exception cref="Azure.RequestFailedException">A table is gone or was replaced while it was read.</exception>
    public async Task<GalleryIndex> ReadAsync(string batch, BatchSummary summary, CancellationToken cancellationToken)
    {
        var ranking = new LabelRanking(summary.Schema);
        long left = MostBytes;
        foreach (string table in summary.Tables?.Select(table => table.JsonLines) ?? [ResultFiles.JsonLines])
        {
            if (left > 0)
                left -= await ReadTableAsync($"{batch}/{table}", summary.Schema, ranking, left, cancellationToken);
        }

        IReadOnlyList<int> byDoubt = Rank(ranking);
        return new GalleryIndex(
            summary.Schema.Names,
            _tables,
            _entries,
            byDoubt,
            [.. _errors.Values.Select(tally => tally.ToGroup()).OrderByDescending(group => group.Pictures)],
            left > 0 ? null : $"The batch has {summary.Images:N0} pictures, and the first {_entries.Count:N0} are shown. The tables have all of them.");
    }

    private async Task<long> ReadTableAsync(string blob, KeypointSchema schema, LabelRanking ranking, long most, CancellationToken cancellationToken)
    {
        BlobProperties properties = await storage.Blob(BlobLayout.Results, blob).GetPropertiesAsync(cancellationToken: cancellationToken);
        _tables.Add(new GalleryTable(blob, properties.ETag));
        var options = new BlobOpenReadOptions(allowModifications: false)
        {
            BufferSize = BufferBytes,
            Conditions = new BlobRequestConditions { IfMatch = properties.ETag },
        };
        await using Stream stream = await storage.Blob(BlobLayout.Results, blob).OpenReadAsync(options, cancellationToken);
        byte[] buffer = new byte[BufferBytes];
        int filled = 0;
        long offset = 0;
        while (offset < most)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            filled += read;
            int used = AddLines(buffer.AsSpan(0, filled), offset, schema, ranking);
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
            offset += used;
            if (read == 0)
                break;
            if (filled == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
        }

        return Math.Max(offset, 1);
    }

    /// <summary>Adds the complete lines of a piece.</summary>
    /// <returns>Number of bytes that they have.</returns>
    private int AddLines(ReadOnlySpan<byte> bytes, long offset, KeypointSchema schema, LabelRanking ranking)
    {
        int used = 0;
        while (bytes[used..].IndexOf((byte)'\n') is int length and >= 0)
        {
            if (PictureLine.Parse(bytes.Slice(used, length)) is PictureLine line)
                Add(line, offset + used, length + 1, schema, ranking);
            used += length + 1;
        }

        return used;
    }

    /// <summary>The lines of a picture follow each other.</summary>
    private void Add(PictureLine line, long offset, int bytes, KeypointSchema schema, LabelRanking ranking)
    {
        if (_byName.TryGetValue(line.Image, out int index))
        {
            GalleryEntry entry = _entries[index];
            _entries[index] = entry with { Bytes = (int)(offset + bytes - entry.Offset) };
        }
        else
        {
            _byName[line.Image] = _entries.Count;
            _entries.Add(new GalleryEntry(_tables.Count - 1, offset, bytes, line.IsFailedPicture, double.NaN));
            if (line.IsFailedPicture)
                AddError(line);
        }

        ranking.Add(line.ToResult(schema));
    }

    /// <summary>Reasons that differ only in numbers or quoted names are one group.</summary>
    private void AddError(PictureLine line)
    {
        string kind = Particulars.Replace(line.Error!, "…");
        if (!_errors.TryGetValue(kind, out ErrorTally? tally))
            _errors[kind] = tally = new ErrorTally(line.Error!);
        tally.Add(line.Image);
    }

    private List<int> Rank(LabelRanking ranking)
    {
        var order = new List<int>(_entries.Count);
        var placed = new HashSet<int>();
        foreach (UncertainImage image in ranking.LeastCertainFirst())
        {
            if (!_byName.TryGetValue(image.Image, out int index) || !placed.Add(index))
                continue;
            order.Add(index);
            _entries[index] = _entries[index] with { Doubt = image.Share ?? double.NaN };
        }

        order.AddRange(Enumerable.Range(0, _entries.Count).Where(index => !placed.Contains(index)));
        return order;
    }

    [GeneratedRegex("[0-9][0-9,.]*|'[^']*'|\"[^\"]*\"", RegexOptions.NonBacktracking)]
    private static partial Regex Particulars { get; }

    /// <summary>Counts the pictures that failed for one reason.</summary>
    private sealed class ErrorTally(string reason)
    {
        private const int MostExamples = 5;
        private readonly List<string> _examples = [];
        private int _pictures;

        public void Add(string image)
        {
            _pictures++;
            if (_examples.Count < MostExamples)
                _examples.Add(image);
        }

        public ErrorGroup ToGroup() => new(reason, _pictures, _examples);
    }
}
