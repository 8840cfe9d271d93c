using KeypointPipeline.Keypoints;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>A network one can ask for by name. Every class of this assembly that implements it is found: adding a network is
/// adding a file.</summary>
public interface INetworkDefinition
{
    /// <summary>The name, as in <c>--network</c>: lower case, words joined by hyphens.</summary>
    string Name { get; }

    /// <summary>One line for people who choose.</summary>
    string Description { get; }

    /// <summary>Builds it; its weights mean nothing before <see cref="KeypointNetwork.Initialize"/> or loading.</summary>
    KeypointNetwork Create(KeypointSchema schema);
}
