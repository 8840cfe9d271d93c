using KeypointPipeline.Errors;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>The networks that people can choose.</summary>
public static class NetworkRegistry
{
    /// <summary>All networks, sorted by name.</summary>
    public static IReadOnlyList<INetworkDefinition> All { get; } =
    [
        .. typeof(NetworkRegistry).Assembly.GetTypes()
            .Where(type => type.IsClass && typeof(INetworkDefinition).IsAssignableFrom(type))
            .Select(type => (INetworkDefinition)Activator.CreateInstance(type)!)
            .OrderBy(network => network.Name, StringComparer.Ordinal),
    ];

    /// <summary>Builds a network. Its weights are undefined before <see cref="KeypointNetwork.Initialize"/> or loading.</summary>
    /// <exception cref="UserErrorException">No network has that name. The message lists the names.</exception>
    public static KeypointNetwork Create(string name, KeypointSchema schema) => Find(name).Create(schema);

    /// <summary>A network's definition.</summary>
    /// <exception cref="UserErrorException">No network has that name. The message lists the names.</exception>
    public static INetworkDefinition Find(string name) =>
        All.FirstOrDefault(network => network.Name == name)
        ?? throw new UserErrorException($"There is no network '{name}'. Choose one of: {string.Join(", ", All.Select(network => network.Name))}.");
}
