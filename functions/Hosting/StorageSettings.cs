using Azure.Core;
using Azure.Storage.Blobs;
using KeypointPipeline.Storage;
using Microsoft.Extensions.Configuration;

namespace KeypointPipeline.Functions.Hosting;

/// <summary>Where the data account is. The blob and queue triggers read the same settings, by the host's rules for connections:
/// <c>KeypointStorage__blobServiceUri</c> with the app's identity, or, on a developer's machine, <c>KeypointStorage</c> as a
/// connection string.</summary>
/// <param name="BlobService">The account's blob endpoint, opened with the app's identity; null where there is a connection string.</param>
/// <param name="ConnectionString">For local development only.</param>
public sealed record StorageSettings(Uri? BlobService, string? ConnectionString)
{
    /// <summary>The connection's name in settings and triggers.</summary>
    public const string Section = "KeypointStorage";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="FormatException">They are missing or cannot be used; the message names them.</exception>
    public static StorageSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration[Section] is { Length: > 0 } connectionString)
            return new StorageSettings(null, connectionString);
        Uri blobs = ReadEndpoint(configuration, "blobServiceUri", "https://ACCOUNT.blob.core.windows.net");

        // Only the triggers use the queue endpoint, for poisoned blobs; without it they fail at the first one.
        ReadEndpoint(configuration, "queueServiceUri", "https://ACCOUNT.queue.core.windows.net");
        return new StorageSettings(blobs, null);
    }

    /// <summary>Opens the account.</summary>
    /// <param name="credential">The app's identity.</param>
    public BlobServiceClient Open(TokenCredential credential) => BlobService is not null
        ? new BlobServiceClient(BlobService, credential, StoragePatience.ForSteps())
        : new BlobServiceClient(ConnectionString, StoragePatience.ForSteps());

    /// <summary>Keeps the connection string, a secret, out of logs.</summary>
    public override string ToString() => BlobService?.ToString() ?? $"{Section} (connection string)";

    private static Uri ReadEndpoint(IConfiguration configuration, string name, string example)
    {
        string? text = configuration[$"{Section}:{name}"];
        if (string.IsNullOrEmpty(text))
            throw new FormatException($"{Section}__{name} is missing: set it to the data account's endpoint, such as {example}.");
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "https" or "http"
            ? endpoint
            : throw new FormatException($"{Section}__{name}='{text}' is not an endpoint such as {example}.");
    }
}
