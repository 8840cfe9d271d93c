using System.Globalization;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets.Erasure;

/// <summary>The groups that were erased, for example people who asked for it. Later ingests leave their rows out. A group is known by
/// its hash alone (<see cref="Formats.GroupKey"/>).</summary>
public sealed class ErasedGroups(PipelineStorage storage, TimeProvider time)
{
    /// <summary>Records that a group is erased. Repeating it changes nothing.</summary>
    /// <param name="group">Hash of the group.</param>
    /// <param name="path">The path in which it is erased, or null for every path.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task AddAsync(ulong group, string? path, CancellationToken cancellationToken)
    {
        string name = $"{BlobLayout.ErasedGroups}{group:x16}.json";
        while (true)
        {
            var stored = await storage.ReadAsync<ErasedGroup>(BlobLayout.Prepared, name, cancellationToken);
            ErasedGroup earlier = stored?.Value ?? new ErasedGroup($"{group:x16}", time.GetUtcNow(), Everywhere: false, []);
            if (stored is not null && earlier.Concerns(path))
                return;
            ErasedGroup next = path is null ? earlier with { Everywhere = true } : earlier with { Paths = [.. earlier.Paths, path] };
            if (await storage.TryReplaceAsync(BlobLayout.Prepared, name, next, stored?.ETag, cancellationToken))
                return;
        }
    }

    /// <summary>Lists the hashes of the groups whose rows a path must not have.</summary>
    public async Task<IReadOnlySet<ulong>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var groups = new HashSet<ulong>();
        await foreach (BlobItem blob in storage.ListAsync(BlobLayout.Prepared, BlobLayout.ErasedGroups, cancellationToken))
        {
            if (await storage.ReadAsync<ErasedGroup>(BlobLayout.Prepared, blob.Name, cancellationToken) is { Value: ErasedGroup erased } && erased.Concerns(path))
                groups.Add(ulong.Parse(erased.Group, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }

        return groups;
    }
}

/// <summary>Content of <c>prepared/erased/{hash of group}.json</c>.</summary>
/// <param name="Group">Hash of the group, 16 hexadecimal digits.</param>
/// <param name="ErasedAt">Time of the first erasure, UTC.</param>
/// <param name="Everywhere">The group is erased in every path.</param>
/// <param name="Paths">The paths in which it is erased.</param>
public sealed record ErasedGroup(string Group, DateTimeOffset ErasedAt, bool Everywhere, IReadOnlyList<string> Paths)
{
    /// <summary>Whether the group is erased in a path; null asks for every path.</summary>
    public bool Concerns(string? path) => Everywhere || (path is not null && Paths.Contains(path, StringComparer.Ordinal));
}
