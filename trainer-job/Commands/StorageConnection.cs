using Azure.Identity;
using Azure.Storage.Blobs;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary>Opens the storage account that the environment names.</summary>
internal static class StorageConnection
{
    /// <summary>Opens the account. Nothing is sent yet.</summary>
    /// <exception cref="InvalidDataException">Neither variable is set, or a value is malformed.</exception>
    public static BlobServiceClient Open()
    {
        string? connectionString = Environment.GetEnvironmentVariable(TrainerVariables.Storage);
        string? endpoint = Environment.GetEnvironmentVariable(TrainerVariables.StorageUri);
        try
        {
            if (!string.IsNullOrEmpty(connectionString))
                return new BlobServiceClient(connectionString, StoragePatience.ForTrainer());
            if (!string.IsNullOrEmpty(endpoint))
                return new BlobServiceClient(new Uri(endpoint), new DefaultAzureCredential(), StoragePatience.ForTrainer());
        }
        catch (FormatException e)
        {
            // The message does not show the value, because it may hold a key.
            throw new InvalidDataException($"{TrainerVariables.Storage} or {TrainerVariables.StorageUri} is malformed.", e);
        }

        throw new InvalidDataException(
            $"No storage: set {TrainerVariables.Storage} to a connection string, or {TrainerVariables.StorageUri} to an account's blob endpoint.");
    }
}
