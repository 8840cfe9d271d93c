using KeypointPipeline.Api;
using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.Local.Http;

/// <summary>Builds the addresses of instances on this host.</summary>
/// <param name="systemKey">The key to put in the addresses; null if the host needs no key.</param>
internal sealed class InstanceAddresses(string? systemKey)
{
    /// <summary>Gets the addresses of an instance, under the host name that the client used.</summary>
    public CheckStatus Of(HttpRequest request, string instanceId)
    {
        string instance = $"{request.Scheme}://{request.Host}{ManagementRoutes.Instance(instanceId)}";
        string query = systemKey is null ? "" : $"?{KeyGuard.Query}={systemKey}";
        string andKey = systemKey is null ? "" : $"&{KeyGuard.Query}={systemKey}";
        return new CheckStatus(
            instanceId,
            instance + query,
            $"{instance}/raiseEvent/{{eventName}}{query}",
            $"{instance}/terminate?reason={{text}}{andKey}",
            instance + query);
    }
}
