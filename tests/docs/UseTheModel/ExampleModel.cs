using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Onnx;
using KeypointPipeline.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointPipeline.Docs.Tests.UseTheModel;

/// <summary>A model that the trainer exports. Its weights are random, but its predictions depend on the image as a trained one's do.</summary>
internal static class ExampleModel
{
    /// <summary>Keypoint names that JSON has to escape, one without labels, and a frame that is no square.</summary>
    public static KeypointSchema Schema { get; } = new(["left_eye", "right_eye", "nose \"ü\"", "never_labelled"], 48, 40);

    /// <summary>Exports the model.</summary>
    public static void Export(string path)
    {
        using KeypointNetwork network = NetworkRegistry.Create(new TrainingSettings().Network, Schema);
        network.Initialize(seed: 3);
        using (no_grad())
        {
            var random = new Random(3);
            foreach ((string name, Parameter parameter) in network.named_parameters().Where(p => p.parameter.dim() == 4 && p.name.Contains("maps", StringComparison.Ordinal)))
            {
                using Tensor values = tensor(Enumerable.Range(0, (int)parameter.numel()).Select(_ => (float)((random.NextDouble() - 0.5) * 0.2)).ToArray());
                parameter.copy_(values.reshape(parameter.shape));
            }
        }

        network.Unlabelled = [3];
        network.eval();
        var metadata = new ModelMetadata(Schema, network.NetworkName, ValidationRmse: null, DataFingerprint: "") { Gaps = new LabelGaps(["never_labelled"], []) };
        OnnxExporter.Export(network, metadata, path);
    }
}
