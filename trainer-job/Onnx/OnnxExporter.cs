using KeypointPipeline.Files;
using KeypointPipeline.Models;
using KeypointPipeline.TrainerJob.Networks;

namespace KeypointPipeline.TrainerJob.Onnx;

/// <summary>Writes a trained network as a self-contained ONNX file. <see cref="ModelMetadata"/> describes its input, outputs and
/// metadata.</summary>
public static class OnnxExporter
{
    /// <summary>Writes and checks the file. Before it appears under its name, ONNX Runtime opens it with all optimizations, and its
    /// predictions must equal the network's. The same weights and metadata give the same bytes.</summary>
    /// <param name="network">A network on the CPU. It is exported as in evaluation mode, and its own mode does not change.</param>
    /// <param name="metadata">The metadata to write.</param>
    /// <param name="path">The file. An existing file is replaced atomically, or kept if the export fails.</param>
    /// <exception cref="ArgumentException">The metadata describes another schema, network or list of unlabelled keypoints, the network is
    /// not on the CPU, or a weight is not finite.</exception>
    /// <exception cref="OnnxParityException">The file's predictions differ from the network's.</exception>
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

        if (!metadata.Gaps.Unlabelled.SequenceEqual(network.Unlabelled.Select(k => network.Schema.Names[k])))
        {
            throw new ArgumentException(
                $"The metadata names {metadata.Gaps.Unlabelled.Count} keypoints without labels; the network has {network.Unlabelled.Count}, or others.",
                nameof(metadata));
        }

        if (new[] { network.Offset, network.ErrorScale }.Any(values => values.ToFloats().Any(value => !float.IsFinite(value))))
            throw new ArgumentException("An offset or error scale of the network is not finite.", nameof(network));
        if (network.parameters().FirstOrDefault(p => p.device_type != TorchSharp.DeviceType.CPU) is { } elsewhere)
            throw new ArgumentException($"The network is on {elsewhere.device}. Move it to the CPU first.", nameof(network));

        using WholeFile file = WholeFile.Create(path, WholeFileOptions.FlushToDisk);
        bool training = network.training;
        network.eval();
        try
        {
            file.Stream.Write(OnnxModel.Serialize(
                OnnxNetworkGraph.Of(network),
                metadata.ToProperties(),
                $"{metadata.Schema} found by network {metadata.Network}. Input and output are described with them; the "
                + $"schema is JSON in metadata property '{ModelMetadata.SchemaKey}'."));
            file.Close();
            OnnxParity.Check(file.TemporaryPath, network, metadata);
            file.Commit();
        }
        finally
        {
            network.train(training);
        }
    }
}
