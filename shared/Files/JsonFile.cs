using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Files;

/// <summary>Reads small JSON files that another process may write, delete or have left behind.</summary>
public static class JsonFile
{
    /// <summary>Reads a document.</summary>
    /// <returns>Null where there is no such file, or it is not JSON for <typeparamref name="T"/>.</returns>
    /// <exception cref="IOException">It is there and cannot be read.</exception>
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
