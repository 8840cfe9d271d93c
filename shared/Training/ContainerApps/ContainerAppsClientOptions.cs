using Azure.Core;

namespace KeypointPipeline.Training.ContainerApps;

/// <summary>How <see cref="ContainerAppsClient"/> talks to Azure Resource Manager.</summary>
public sealed class ContainerAppsClientOptions : ClientOptions
{
    /// <summary>Retries after 408, 429 and 5xx, with waits of about 1, 2, 4, 8 and 16 seconds or as Retry-After says. Together with
    /// the five attempts of a step, this bridges an outage of some minutes.</summary>
    public ContainerAppsClientOptions()
    {
        Retry.Mode = RetryMode.Exponential;
        Retry.MaxRetries = 5;
        Retry.Delay = TimeSpan.FromSeconds(1);
        Retry.MaxDelay = TimeSpan.FromSeconds(30);
        Retry.NetworkTimeout = TimeSpan.FromSeconds(60);
    }
}
