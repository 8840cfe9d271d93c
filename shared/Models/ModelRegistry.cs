using System.Text.RegularExpressions;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Models;

/// <summary>Published versions and the champion pointer in the <c>models</c> container. A version becomes visible when its manifest is
/// written, and is immutable from then on. The champion pointer changes atomically, guarded by its ETag.</summary>
public sealed partial class ModelRegistry(PipelineStorage storage, TimeProvider time)
{
    /// <summary>The name of a version's model file.</summary>
    public const string ModelFile = "model.onnx";

    /// <summary>The name of a version's <see cref="ModelManifest"/>.</summary>
    public const string ManifestFile = "manifest.json";

    /// <summary>The blob of a version's model file, in <see cref="BlobLayout.Models"/>.</summary>
    /// <param name="version">A published version.</param>
    public static string ModelName(string version) => $"{version}/{ModelFile}";

    /// <summary>Publishes a version: first the model, then its manifest. Publishing the same bytes again changes nothing.</summary>
    /// <param name="manifest">The manifest, with the version and the model's hash.</param>
    /// <param name="modelPath">The model file.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <exception cref="InvalidDataException">The file's hash differs from the manifest's.</exception>
    /// <exception cref="InvalidOperationException">The version exists with different content.</exception>
    public async Task PublishAsync(ModelManifest manifest, string modelPath, CancellationToken cancellationToken)
    {
        string hash = await ContentHash.OfFileAsync(modelPath, cancellationToken);
        if (hash != manifest.ModelSha256)
            throw new InvalidDataException($"{modelPath} has SHA-256 {hash}, but the manifest of {manifest.Version} says {manifest.ModelSha256}.");

        StoredDocument<ModelManifest>? existing = await ReadManifestAsync(manifest.Version, cancellationToken);
        if (existing is not null)
        {
            if (existing.Value.ModelSha256 != hash)
                throw Immutable(manifest.Version);
            return;
        }

        await UploadOnceAsync(manifest, modelPath, cancellationToken);
        await storage.TryReplaceAsync(BlobLayout.Models, ManifestName(manifest.Version), manifest, expected: null, cancellationToken);
    }

    /// <summary>Lists all published versions, newest first.</summary>
    public async Task<IReadOnlyList<ModelManifest>> ListAsync(CancellationToken cancellationToken)
    {
        var versions = new List<ModelManifest>();
        await foreach (BlobItem blob in storage.ListAsync(BlobLayout.Models, prefix: null, cancellationToken))
        {
            if (blob.Name.EndsWith('/' + ManifestFile, StringComparison.Ordinal)
                && await storage.ReadAsync<ModelManifest>(BlobLayout.Models, blob.Name, cancellationToken) is { } manifest)
                versions.Add(manifest.Value);
        }

        return [.. versions.OrderByDescending(m => m.Version, StringComparer.Ordinal)];
    }

    /// <summary>Reads the manifest of a version. Returns null if the version is not published.</summary>
    public async Task<ModelManifest?> FindAsync(string version, CancellationToken cancellationToken) =>
        VersionPattern.IsMatch(version) ? (await ReadManifestAsync(version, cancellationToken))?.Value : null;

    /// <summary>Reads the champion pointer. Returns null before the first promotion.</summary>
    public async Task<ChampionPointer?> GetChampionAsync(CancellationToken cancellationToken) =>
        (await storage.ReadAsync<ChampionPointer>(BlobLayout.Models, BlobLayout.Champion, cancellationToken))?.Value;

    /// <summary>Makes a published version the champion if the current champion is the expected version. A repeated call changes
    /// nothing.</summary>
    /// <param name="version">The new champion.</param>
    /// <param name="expectedChampion">The champion at the time of the decision; null if there was none.</param>
    /// <param name="reason">Why the version is promoted.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>True if the version is the champion now; false if another version became champion in the meantime.</returns>
    /// <exception cref="ModelNotFoundException">The version is not published.</exception>
    /// <exception cref="InvalidDataException">The model blob is missing, or its bytes differ from the published bytes.</exception>
    public async Task<bool> TryPromoteAsync(
        string version, string? expectedChampion, string reason, CancellationToken cancellationToken)
    {
        await CheckBlobAsync(version, cancellationToken);
        var current = await storage.ReadAsync<ChampionPointer>(BlobLayout.Models, BlobLayout.Champion, cancellationToken);
        if (current?.Value.Version == version)
            return true;
        if (current?.Value.Version != expectedChampion)
            return false;
        ChampionPointer pointer = current?.Value.ByRule(version, reason, time.GetUtcNow()) ?? First(version, reason);
        return await ReplaceAsync(pointer, current, cancellationToken);
    }

    /// <summary>Makes a published version the champion because a person chose it, whatever the current champion is. If it is older than
    /// the current champion, the pointer records a roll-back.</summary>
    /// <param name="version">The new champion.</param>
    /// <param name="reason">Why the version is promoted.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The pointer to the version, or to a version that has replaced it in the meantime.</returns>
    /// <exception cref="ModelNotFoundException">The version is not published.</exception>
    /// <exception cref="InvalidDataException">The model blob is missing, or its bytes differ from the published bytes.</exception>
    public async Task<ChampionPointer> PromoteAsync(string version, string reason, CancellationToken cancellationToken)
    {
        await CheckBlobAsync(version, cancellationToken);
        bool tried = false;
        while (true)
        {
            var current = await storage.ReadAsync<ChampionPointer>(BlobLayout.Models, BlobLayout.Champion, cancellationToken);
            if (current?.Value.Version == version)
                return current.Value;

            // The version was promoted and only the answer was lost. Promoting it again would undo a later decision.
            if (tried && current?.Value.PreviousVersion == version)
                return current.Value;
            ChampionPointer pointer = current?.Value.ByHand(version, reason, time.GetUtcNow()) ?? First(version, reason);
            if (await ReplaceAsync(pointer, current, cancellationToken))
                return pointer;
            tried = true;
        }
    }

    /// <summary>Downloads a version's model file and checks its hash. Does nothing if the file already exists with the published
    /// bytes.</summary>
    /// <exception cref="ModelNotFoundException">The version is not published.</exception>
    /// <exception cref="InvalidDataException">The model blob is missing, or its bytes differ from the published bytes.</exception>
    public async Task DownloadAsync(string version, string path, CancellationToken cancellationToken)
    {
        ModelManifest manifest = await RequireAsync(version, cancellationToken);
        if (File.Exists(path) && await ContentHash.OfFileAsync(path, cancellationToken) == manifest.ModelSha256)
            return;
        await using WholeFile file = WholeFile.Create(path, WholeFileOptions.SeveralWriters);
        try
        {
            using Response response = await ModelBlob(version).DownloadToAsync(file.Stream, cancellationToken);
        }
        catch (RequestFailedException e) when (e.IsNotFound())
        {
            throw Gone(version, e);
        }

        file.Stream.Position = 0;
        Check(manifest, await ContentHash.OfAsync(file.Stream, cancellationToken));
        file.Commit();
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", RegexOptions.NonBacktracking)]
    private static partial Regex VersionPattern { get; }

    private static string ManifestName(string version) => $"{version}/{ManifestFile}";

    private static InvalidOperationException Immutable(string version) =>
        new($"Model version {version} already exists with different content. Versions are immutable; publish under another version.");

    /// <summary>Uploads the model if the version has none yet. The first upload decides the content of the version. A second upload, or a
    /// retry after a lost answer, must find the same bytes.</summary>
    private async Task UploadOnceAsync(ModelManifest manifest, string modelPath, CancellationToken cancellationToken)
    {
        BlobClient blob = ModelBlob(manifest.Version);
        var options = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/octet-stream" },
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
        };
        try
        {
            await blob.UploadAsync(modelPath, options, cancellationToken);
        }
        catch (RequestFailedException e) when (e.IsOvertaken())
        {
            await using Stream stored = await blob.OpenReadAsync(cancellationToken: cancellationToken);
            if (await ContentHash.OfAsync(stored, cancellationToken) != manifest.ModelSha256)
                throw Immutable(manifest.Version);
        }
    }

    private Task<StoredDocument<ModelManifest>?> ReadManifestAsync(string version, CancellationToken cancellationToken) =>
        storage.ReadAsync<ModelManifest>(BlobLayout.Models, ManifestName(version), cancellationToken);

    /// <summary>Refuses a version whose model was changed after publication, because it must not be used.</summary>
    private async Task CheckBlobAsync(string version, CancellationToken cancellationToken)
    {
        ModelManifest manifest = await RequireAsync(version, cancellationToken);
        try
        {
            using BlobDownloadStreamingResult blob = await ModelBlob(version).DownloadStreamingAsync(cancellationToken: cancellationToken);
            Check(manifest, await ContentHash.OfAsync(blob.Content, cancellationToken));
        }
        catch (RequestFailedException e) when (e.IsNotFound())
        {
            throw Gone(version, e);
        }
    }

    private static void Check(ModelManifest manifest, string hash)
    {
        if (hash != manifest.ModelSha256)
        {
            throw new InvalidDataException(
                $"models/{manifest.Version}/{ModelFile} has SHA-256 {hash}, but its manifest says {manifest.ModelSha256}: "
                + "it was changed after it was published.");
        }
    }

    private static InvalidDataException Gone(string version, Exception cause) =>
        new($"models/{version}/{ModelFile} is missing, although its manifest exists.", cause);

    private BlobClient ModelBlob(string version) => storage.Blob(BlobLayout.Models, ModelName(version));

    private async Task<ModelManifest> RequireAsync(string version, CancellationToken cancellationToken) =>
        await FindAsync(version, cancellationToken) ?? throw new ModelNotFoundException(version);

    private ChampionPointer First(string version, string reason) => new(version, null, reason, time.GetUtcNow(), []);

    private Task<bool> ReplaceAsync(
        ChampionPointer pointer, StoredDocument<ChampionPointer>? current, CancellationToken cancellationToken) =>
        storage.TryReplaceAsync(BlobLayout.Models, BlobLayout.Champion, pointer, current?.ETag, cancellationToken);
}

/// <summary>Thrown when a requested model version is not published.</summary>
public sealed class ModelNotFoundException(string version)
    : Exception($"Model version '{version}' is not published; `keypoints models` lists the versions.")
{
    /// <summary>The requested version.</summary>
    public string Version { get; } = version;
}
