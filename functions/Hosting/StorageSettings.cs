using Azure.Core;
using Azure.Storage.Blobs;
using KeypointPipeline.Storage;
using Microsoft.Extensions.Configuration;

namespace KeypointPipeline.Functions.Hosting;

/// <summary>Address of the data account. The blob and queue triggers read the same settings, by the host's rules for connections.
/// In Azure, <c>KeypointStorage__blobServiceUri</c> is used with the app's identity. On a developer's machine, <c>KeypointStorage</c> is
/// a connection string.</summary>
/// <param name="BlobService">The account's blob endpoint, used with the app's identity; null if there is a connection string.</param>
/// <param name="ConnectionString">The connection string, for local development only; null if there is an endpoint.</param>
public sealed record StorageSettings(Uri? BlobService, string? ConnectionString)
{
    /// <summary>Name of the connection in settings and triggers.</summary>
    public const string Section = "KeypointStorage";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="FormatException">A setting is missing or invalid; the message names it.</exception>
    public static StorageSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration[Section] is { Length: > 0 } connectionString)
            return new StorageSettings(null, connectionString);
        Uri blobs = ReadEndpoint(configuration, "blobServiceUri", "https://ACCOUNT.blob.core.windows.net");

        // Only the triggers use the queue endpoint, for poisoned blobs. Without it they fail at the first poisoned blob.
        ReadEndpoint(configuration, "queueServiceUri", "https://ACCOUNT.queue.core.windows.net");
        return new StorageSettings(blobs, null);
    }

    /// <summary>Creates a client for the account's blobs.</summary>
    /// <param name="credential">The app's identity.</param>
    public BlobServiceClient Open(TokenCredential credential) => BlobService is not null
        ? new BlobServiceClient(BlobService, credential, StoragePatience.ForSteps())
        : new BlobServiceClient(ConnectionString, StoragePatience.ForSteps());

    /// <summary>Formats the settings without the connection string, because a secret must not reach the logs.</summary>
    public override string ToString() => BlobService?.ToString() ?? $"{Section} (connection string)";

    private static Uri ReadEndpoint(IConfiguration configuration, string name, string example)
    {
        string? text = configuration[$"{Section}:{name}"];
        if (string.IsNullOrEmpty(text))
            throw new FormatException($"{Section}__{name} is missing. Set it to the data account's endpoint, for example {example}.");
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "https" or "http"
            ? endpoint
            : throw new FormatException($"{Section}__{name}='{text}' is not an endpoint: expected an address such as {example}.");
    }
}
