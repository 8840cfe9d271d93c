using KeypointPipeline.Api;
using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.Local.Http;

/// <summary>The addresses of instances on this host.</summary>
/// <param name="systemKey">Stands in the addresses, where they need a key.</param>
internal sealed class InstanceAddresses(string? systemKey)
{
    /// <summary>The addresses of one instance, at the name under which the client reached this host.</summary>
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
