using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>JSON documents in a run's folder.</summary>
internal static class RunFolderDocuments
{
    /// <summary>Reads a document, or returns null if it does not exist.</summary>
    /// <exception cref="InvalidDataException">The document is not a <typeparamref name="T"/>; the message names the file.</exception>
    public static async Task<T?> ReadDocumentAsync<T>(this IRunFolder folder, string file, CancellationToken cancellationToken)
        where T : class
    {
        byte[]? content = await folder.ReadAsync(file, cancellationToken);
        try
        {
            return content is null ? null : JsonSerializer.Deserialize<T>(content, PipelineJson.Compact);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file} is not a valid {typeof(T).Name}: {e.Message}", e);
        }
    }

    /// <summary>Writes a document and replaces an existing one.</summary>
    public static Task WriteDocumentAsync<T>(this IRunFolder folder, string file, T value, CancellationToken cancellationToken) =>
        folder.WriteAsync(file, JsonSerializer.SerializeToUtf8Bytes(value, PipelineJson.Indented), cancellationToken);
}
