using System.Runtime.CompilerServices;
using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>Reads the items of a JSON array one at a time. Memory holds one item, never the file.</summary>
internal static class JsonItems
{
    /// <summary>The most bytes of one item.</summary>
    public const int LongestItem = DatasetLimits.RowBytes;

    /// <summary>Reads the items from the start of the file.</summary>
    /// <exception cref="RejectedFileException">The file is not a JSON array, or an item is too long. The message names the place.</exception>
    /// <exception cref="IOException">The file could not be read. Retry.</exception>
    public static async IAsyncEnumerable<JsonElement> ReadAsync(FileSet set, SetFile file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string name = FileNames.OwnName(file.Path);
        await using var stream = new LimitedStream(name, await NamedFile.Of(set, file).OpenAsync(cancellationToken));
        await using IAsyncEnumerator<JsonElement> items =
            JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(stream, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(name, items))
        {
            stream.Items++;
            yield return items.Current;
        }
    }

    private static async ValueTask<bool> NextAsync(string name, IAsyncEnumerator<JsonElement> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (JsonException e)
        {
            throw new RejectedFileException(
                $"{name} is not valid JSON, or is cut off: line {e.LineNumber + 1:N0}, byte {e.BytePositionInLine + 1:N0} is not as expected. "
                + "A list in brackets is expected. Export or copy the file again.", e);
        }
    }

    /// <summary>Counts the bytes of the item that is read.</summary>
    private sealed class LimitedStream(string name, Stream inner) : ReadOnlyStream
    {
        private long _items;
        private long _bytes;

        public long Items
        {
            get => _items;
            set => (_items, _bytes) = (value, 0);
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_bytes > LongestItem)
                throw new RejectedFileException($"{name}: item {_items + 1:N0} of the list is longer than {LongestItem:N0} bytes.");
            int read = await inner.ReadAsync(buffer, cancellationToken);
            _bytes += read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
