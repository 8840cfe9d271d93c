using Azure.Core;

namespace KeypointPipeline.Training.ContainerApps;

/// <summary>How <see cref="ContainerAppsClient"/> talks to Azure Resource Manager.</summary>
public sealed class ContainerAppsClientOptions : ClientOptions
{
    /// <summary>Waits of about 1, 2, 4, 8 and 16 seconds after 408, 429 and 5xx, or as long as Retry-After says: with the five
    /// tries of a step, an outage of some minutes goes unnoticed.</summary>
    public ContainerAppsClientOptions()
    {
        Retry.Mode = RetryMode.Exponential;
        Retry.MaxRetries = 5;
        Retry.Delay = TimeSpan.FromSeconds(1);
        Retry.MaxDelay = TimeSpan.FromSeconds(30);
        Retry.NetworkTimeout = TimeSpan.FromSeconds(60);
    }
}
