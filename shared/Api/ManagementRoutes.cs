namespace KeypointPipeline.Api;

/// <summary>Addresses of Durable Functions' instance management API. The Durable extension serves them in Azure. The local host serves
/// them over the embedded engine.</summary>
public static class ManagementRoutes
{
    /// <summary>The address of all instances.</summary>
    public const string Instances = "/runtime/webhooks/durabletask/instances";

    /// <summary>Gets the address of an instance.</summary>
    public static string Instance(string instanceId) => $"{Instances}/{Uri.EscapeDataString(instanceId)}";
}
