using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Api;

/// <summary>Request bodies.</summary>
public static class ApiBody
{
    /// <summary>Reads a body that may be left out: empty means all defaults.</summary>
    /// <exception cref="ApiProblemException">400: it is not what the address takes.</exception>
    public static T Read<T>(string body)
    {
        try
        {
            return PipelineJson.Read<T>(string.IsNullOrWhiteSpace(body) ? "{}" : body);
        }
        catch (JsonException e)
        {
            throw new ApiProblemException(400, "Invalid body", $"The body is not what this address takes: {e.Message}");
        }
    }
}
