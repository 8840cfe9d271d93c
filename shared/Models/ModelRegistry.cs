using System.Text.RegularExpressions;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Models;

/// <summary>Published versions and the champion pointer, in the <c>models</c> container. A version is immutable and visible once
/// its manifest is there; the pointer moves atomically by ETag.</summary>
public sealed partial class ModelRegistry(PipelineStorage storage, TimeProvider time)
{
    private const string ModelFile = "model.onnx";
    private const string ManifestFile = "manifest.json";

    /// <summary>Publishes a version: the model, then its manifest. Publishing the same bytes again changes nothing.</summary>
    /// <param name="manifest">Names the version and the model's hash.</param>
    /// <param name="modelPath">The model file.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <exception cref="InvalidDataException">The file's hash is not the manifest's.</exception>
    /// <exception cref="InvalidOperationException">The version exists with other content.</exception>
    public async Task PublishAsync(ModelManifest manifest, string modelPath, CancellationToken cancellationToken)
    {
        string hash = await ContentHash.OfFileAsync(modelPath, cancellationToken);
        if (hash != manifest.ModelSha256)
            throw new InvalidDataException($"{modelPath} has SHA-256 {hash}, the manifest of {manifest.Version} says {manifest.ModelSha256}.");

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

    /// <summary>All published versions, newest first.</summary>
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

    /// <summary>One version's manifest, or null.</summary>
    public async Task<ModelManifest?> FindAsync(string version, CancellationToken cancellationToken) =>
        VersionPattern.IsMatch(version) ? (await ReadManifestAsync(version, cancellationToken))?.Value : null;

    /// <summary>The champion pointer, or null before the first promotion.</summary>
    public async Task<ChampionPointer?> GetChampionAsync(CancellationToken cancellationToken) =>
        (await storage.ReadAsync<ChampionPointer>(BlobLayout.Models, BlobLayout.Champion, cancellationToken))?.Value;

    /// <summary>Makes a published version the champion if the champion is still the expected one. A repeat changes nothing.</summary>
    /// <param name="version">The new champion.</param>
    /// <param name="expectedChampion">The champion that the decision was made against; null for none.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>False where another version became champion in the meantime.</returns>
    /// <exception cref="ModelNotFoundException">The version is not published.</exception>
    /// <exception cref="InvalidDataException">The blob's bytes are not the published ones.</exception>
    public async Task<bool> TryPromoteAsync(
        string version, string? expectedChampion, string reason, CancellationToken cancellationToken)
    {
        await CheckBlobAsync(version, cancellationToken);
        var current = await storage.ReadAsync<ChampionPointer>(BlobLayout.Models, BlobLayout.Champion, cancellationToken);
        if (current?.Value.Version == version)
            return true;
        if (current?.Value.Version != expectedChampion)
            return false;
        return await ReplaceAsync(PointTo(version, current, reason), current, cancellationToken);
    }

    /// <summary>Makes a published version the champion whatever it replaces: forced promotion and rollback.</summary>
    /// <returns>The pointer that names it; or that of the version that has replaced it meanwhile.</returns>
    /// <exception cref="ModelNotFoundException">The version is not published.</exception>
    /// <exception cref="InvalidDataException">The blob's bytes are not the published ones.</exception>
    public async Task<ChampionPointer> PromoteAsync(string version, string reason, CancellationToken cancellationToken)
    {
        await CheckBlobAsync(version, cancellationToken);
        bool tried = false;
        while (true)
        {
            var current = await storage.ReadAsync<ChampionPointer>(BlobLayout.Models, BlobLayout.Champion, cancellationToken);
            if (current?.Value.Version == version)
                return current.Value;

            // Its turn has been, and only the answer was lost: promoting it again would undo what somebody decided after that.
            if (tried && current?.Value.PreviousVersion == version)
                return current.Value;
            ChampionPointer pointer = PointTo(version, current, reason);
            if (await ReplaceAsync(pointer, current, cancellationToken))
                return pointer;
            tried = true;
        }
    }

    /// <summary>Downloads a version's model file and checks its hash, unless the file is there already and is the published one.</summary>
    /// <exception cref="ModelNotFoundException">The version is not published.</exception>
    /// <exception cref="InvalidDataException">The blob's bytes are not the published ones, or it is gone.</exception>
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
        new($"Model version {version} exists with other content; versions are immutable.");

    /// <summary>Whoever uploads the model first decides what the version is. Who comes second, or again after the answer to the first
    /// upload was lost, finds the same bytes there.</summary>
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

    /// <summary>A version whose model was changed after publication must not be put to use.</summary>
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
            throw new InvalidDataException($"models/{manifest.Version}/{ModelFile} has SHA-256 {hash}, its manifest says {manifest.ModelSha256}: it was changed after it was published.");
    }

    private static InvalidDataException Gone(string version, Exception cause) =>
        new($"models/{version}/{ModelFile} is gone, though its manifest is there.", cause);

    private BlobClient ModelBlob(string version) => storage.Blob(BlobLayout.Models, $"{version}/{ModelFile}");

    private async Task<ModelManifest> RequireAsync(string version, CancellationToken cancellationToken) =>
        await FindAsync(version, cancellationToken) ?? throw new ModelNotFoundException(version);

    private ChampionPointer PointTo(string version, StoredDocument<ChampionPointer>? current, string reason) =>
        new(version, current?.Value.Version, reason, time.GetUtcNow());

    private Task<bool> ReplaceAsync(
        ChampionPointer pointer, StoredDocument<ChampionPointer>? current, CancellationToken cancellationToken) =>
        storage.TryReplaceAsync(BlobLayout.Models, BlobLayout.Champion, pointer, current?.ETag, cancellationToken);
}

/// <summary>No such version is published.</summary>
public sealed class ModelNotFoundException(string version)
    : Exception($"Model version '{version}' is not published; `keypoints models` lists the versions.")
{
    /// <summary>The version asked for.</summary>
    public string Version { get; } = version;
}
