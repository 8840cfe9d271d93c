using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Files;

/// <summary>Reads small JSON files that other processes may write, delete or leave behind.</summary>
public static class JsonFile
{
    /// <summary>Reads a JSON document from a file.</summary>
    /// <returns>The document, or null if the file does not exist or is not JSON for <typeparamref name="T"/>.</returns>
    /// <exception cref="IOException">The file exists but cannot be read.</exception>
    public static T? Find<T>(string path)
        where T : class
    {
        try
        {
            return PipelineJson.Read<T>(File.ReadAllText(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
