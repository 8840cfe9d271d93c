using System.Collections.Concurrent;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Shared.Tests.Steps;

/// <summary>All blobs of some containers, to compare and to go back to. What keeps its ETag is read once.</summary>
/// <param name="containers">Their names.</param>
internal sealed class AccountState(IReadOnlyCollection<string> containers)
{
    private readonly SortedDictionary<string, (string ETag, byte[] Content)> _blobs = new(StringComparer.Ordinal);

    /// <summary>The first blob that another state has otherwise, or null.</summary>
    public string? Difference(AccountState other)
    {
        string? name = _blobs.Keys.Union(other._blobs.Keys)
            .FirstOrDefault(name => Find(name) is not { } mine || other.Find(name) is not { } theirs || !mine.AsSpan().SequenceEqual(theirs));
        return name is null ? null : $"{name} is {Text(other.Find(name))} instead of {Text(Find(name))}";
    }

    /// <summary>Reads the containers.</summary>
    public static async Task<AccountState> ReadAsync(
        PipelineStorage storage, IReadOnlyCollection<string> containers, AccountState? known, CancellationToken cancellationToken)
    {
        var state = new AccountState(containers);
        var unknown = new ConcurrentBag<(string Name, string ETag)>();
        await Parallel.ForEachAsync(containers, cancellationToken, async (container, token) =>
        {
            await foreach (BlobItem blob in storage.Container(container).GetBlobsAsync(cancellationToken: token))
            {
                // What an attempt that failed leaves there is deleted after a day.
                if (!blob.Name.StartsWith(BlobLayout.PreparedIncoming, StringComparison.Ordinal))
                    unknown.Add(($"{container}/{blob.Name}", blob.Properties.ETag.ToString()!));
            }
        });
        foreach ((string name, string etag) in unknown)
        {
            byte[] content = known is not null && known._blobs.TryGetValue(name, out var before) && before.ETag == etag
                ? before.Content
                : (await Blob(storage, name).DownloadContentAsync(cancellationToken)).Value.Content.ToArray();
            state._blobs.Add(name, (etag, content));
        }

        return state;
    }

    /// <summary>The same of fewer containers.</summary>
    public AccountState Of(IReadOnlyCollection<string> fewer)
    {
        var part = new AccountState(fewer);
        foreach ((string name, (string ETag, byte[] Content) blob) in _blobs)
        {
            if (fewer.Contains(name.Split('/')[0]))
                part._blobs.Add(name, blob);
        }

        return part;
    }

    /// <summary>Brings the containers back to this state; what did not change keeps its ETag.</summary>
    public async Task RestoreAsync(PipelineStorage storage, CancellationToken cancellationToken)
    {
        AccountState now = await ReadAsync(storage, containers, this, cancellationToken);
        foreach (string name in now._blobs.Keys.Except(_blobs.Keys))
            await Blob(storage, name).DeleteAsync(cancellationToken: cancellationToken);
        foreach ((string name, (_, byte[] content)) in _blobs.ToArray())
        {
            if (now._blobs.TryGetValue(name, out var current) && current.Content.AsSpan().SequenceEqual(content))
                continue;
            BlobContentInfo written = await Blob(storage, name).UploadAsync(BinaryData.FromBytes(content), overwrite: true, cancellationToken);
            _blobs[name] = (written.ETag.ToString(), content);
        }
    }

    private static string Text(byte[]? content) => content is null ? "not there" : $"'{Encoding.UTF8.GetString(content)}'";

    private byte[]? Find(string name) => _blobs.TryGetValue(name, out var blob) ? blob.Content : null;

    private static BlobClient Blob(PipelineStorage storage, string name)
    {
        string[] parts = name.Split('/', 2);
        return storage.Blob(parts[0], parts[1]);
    }
}
