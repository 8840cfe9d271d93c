using System.Text.Json;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Api;

/// <summary>A request to an endpoint, as any host hands it over.</summary>
/// <param name="Workflows">Starts workflows. It belongs to the call, because Durable binds a client to each call.</param>
/// <param name="CheckStatus">Gives the addresses of an instance on this host.</param>
/// <param name="Values">The values of the placeholders in the address.</param>
/// <param name="Body">The body, read only by endpoints that take one.</param>
public sealed record ApiCall(
    IWorkflowClient Workflows, Func<string, CheckStatus> CheckStatus, IReadOnlyDictionary<string, string> Values, Stream Body)
{
    /// <summary>Reads a body that may be left out: empty means all defaults.</summary>
    /// <exception cref="ApiProblemException">400: the body is not what the endpoint takes.</exception>
    public async Task<T> ReadBodyAsync<T>(CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Body);
        string text = await reader.ReadToEndAsync(cancellationToken);
        try
        {
            return PipelineJson.Read<T>(string.IsNullOrWhiteSpace(text) ? "{}" : text);
        }
        catch (JsonException e)
        {
            throw new ApiProblemException(400, "Invalid body", $"The body is not what this address takes: {e.Message}");
        }
    }
}
