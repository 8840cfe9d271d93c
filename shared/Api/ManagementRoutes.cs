namespace KeypointPipeline.Api;

/// <summary>Addresses of Durable Functions' instance management API. In Azure the Durable extension serves them, locally the embedded
/// engine's host does.</summary>
public static class ManagementRoutes
{
    /// <summary>The address of all instances.</summary>
    public const string Instances = "/runtime/webhooks/durabletask/instances";

    /// <summary>The address of one instance.</summary>
    public static string Instance(string instanceId) => $"{Instances}/{Uri.EscapeDataString(instanceId)}";
}
