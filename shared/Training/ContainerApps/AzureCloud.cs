namespace KeypointPipeline.Training.ContainerApps;

/// <summary>The Azure cloud that has the trainer's jobs: the public cloud, US Government or China. Each has its own addresses.
/// Azure.Identity reads where to sign in from its own variable, <c>AZURE_AUTHORITY_HOST</c>.</summary>
public sealed record AzureCloud
{
    /// <summary>The setting with the address of Resource Manager. The templates set it to what the cloud they are deployed in says.</summary>
    public const string Variable = "AZURE_RESOURCE_MANAGER_ENDPOINT";

    private AzureCloud(Uri resourceManager)
    {
        ResourceManager = resourceManager;
    }

    /// <summary>The public cloud.</summary>
    public static AzureCloud Public { get; } = new(new Uri("https://management.azure.com/"));

    /// <summary>Address of Azure Resource Manager. It ends with a slash.</summary>
    public Uri ResourceManager { get; }

    /// <summary>The scope of tokens for Resource Manager, which accepts tokens for its own address in each cloud.</summary>
    public string Scope => new Uri(ResourceManager, ".default").AbsoluteUri;

    /// <summary>Reads the setting.</summary>
    /// <param name="text">Resource Manager's address; null or empty for the public cloud.</param>
    /// <exception cref="FormatException">It is not the address of a server that is reached by HTTPS. The identity's token is sent there.</exception>
    public static AzureCloud Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return Public;
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address is { Scheme: "https", PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? new AzureCloud(address)
            : throw new FormatException(
                $"{Variable}='{text}' is not the address of Azure Resource Manager: expected an address such as {Public.ResourceManager}.");
    }
}
