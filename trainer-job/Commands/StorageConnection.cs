using Azure.Identity;
using Azure.Storage.Blobs;
using KeypointPipeline.Storage;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary>Opens the storage account the environment names.</summary>
internal static class StorageConnection
{
    /// <summary>Holds a connection string: a local server, or tests.</summary>
    public const string ConnectionStringVariable = "KEYPOINTS_STORAGE";

    /// <summary>Holds an account's blob endpoint, opened with the identity the process runs under.</summary>
    public const string EndpointVariable = "KEYPOINTS_STORAGE_URI";

    /// <summary>Opens it; nothing is sent yet.</summary>
    /// <exception cref="InvalidDataException">Neither variable is set, or its value is not what it should be.</exception>
    public static BlobServiceClient Open()
    {
        string? connectionString = Environment.GetEnvironmentVariable(ConnectionStringVariable);
        string? endpoint = Environment.GetEnvironmentVariable(EndpointVariable);
        try
        {
            if (!string.IsNullOrEmpty(connectionString))
                return new BlobServiceClient(connectionString, StoragePatience.ForTrainer());
            if (!string.IsNullOrEmpty(endpoint))
                return new BlobServiceClient(new Uri(endpoint), new DefaultAzureCredential(), StoragePatience.ForTrainer());
        }
        catch (FormatException e)
        {
            // The value is not shown: it may hold a key.
            throw new InvalidDataException($"{ConnectionStringVariable} or {EndpointVariable} is malformed.", e);
        }

        throw new InvalidDataException(
            $"No storage: set {ConnectionStringVariable} to a connection string, or {EndpointVariable} to an account's blob endpoint.");
    }
}
