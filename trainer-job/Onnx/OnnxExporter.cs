using KeypointPipeline.Models;
using KeypointPipeline.TrainerJob.Networks;

namespace KeypointPipeline.TrainerJob.Onnx;

/// <summary>Writes a trained network as an ONNX file that needs nothing beside it: input, output and metadata as
/// <see cref="ModelMetadata"/> says.</summary>
public static class OnnxExporter
{
    /// <summary>Writes the file and proves it: before it appears under its name it is opened in ONNX Runtime with all
    /// optimisations and must predict what the network predicts. The same weights and metadata give the same bytes.</summary>
    /// <param name="network">On the CPU; predicts as in evaluation, whatever mode it is in, and is left in its mode.</param>
    /// <param name="metadata">What the file says of itself.</param>
    /// <param name="path">The file; one that is there is replaced at once, or kept if the export fails.</param>
    /// <exception cref="ArgumentException">The metadata speaks of another schema or network, the network is not on the CPU, or
    /// a weight is not finite.</exception>
    /// <exception cref="OnnxParityException">The file's predictions are not the network's.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Export(KeypointNetwork network, ModelMetadata metadata, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!metadata.Schema.Equals(network.Schema))
        {
            throw new ArgumentException(
                $"The metadata describes {metadata.Schema}; the network predicts {network.Schema}.", nameof(metadata));
        }

        if (metadata.Network != network.NetworkName)
        {
            throw new ArgumentException(
                $"The metadata names network '{metadata.Network}'; this is '{network.NetworkName}'.", nameof(metadata));
        }

        if (network.parameters().FirstOrDefault(p => p.device_type != TorchSharp.DeviceType.CPU) is { } elsewhere)
            throw new ArgumentException($"The network is on {elsewhere.device}: move it to the CPU first.", nameof(network));

        bool training = network.training;
        network.eval();
        string partial = $"{path}.partial";
        try
        {
            Write(partial, OnnxModel.Serialize(
                OnnxNetworkGraph.Of(network),
                metadata.ToProperties(),
                $"{metadata.Schema} found by network {metadata.Network}. Input and output are described with them; the "
                + $"schema is JSON in metadata property '{ModelMetadata.SchemaKey}'."));
            OnnxParity.Check(partial, network, metadata);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
            network.train(training);
        }
    }

    private static void Write(string path, byte[] bytes)
    {
        using FileStream file = File.Create(path);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }
}
