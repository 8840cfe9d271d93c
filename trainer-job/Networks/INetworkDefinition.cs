using KeypointPipeline.Keypoints;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>A network that people choose by name. The registry finds every class of this assembly that implements this interface, so
/// adding a network made of existing layers means adding one file: help texts and tests read the registry. A new kind of layer also
/// needs a method in <see cref="INetworkVisitor"/>, which the ONNX exporter implements.</summary>
public interface INetworkDefinition
{
    /// <summary>The name, as in <c>--network</c>: lower case, words joined by hyphens.</summary>
    string Name { get; }

    /// <summary>One line that helps people choose.</summary>
    string Description { get; }

    /// <summary>Builds the network. Its weights are undefined before <see cref="KeypointNetwork.Initialize"/> or loading.</summary>
    KeypointNetwork Create(KeypointSchema schema);
}
