using KeypointPipeline.TrainerJob.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Onnx;

/// <summary>A convolution and the batch norm after it as one convolution with bias, which is what they are together once the
/// norm's statistics no longer change.</summary>
/// <param name="Weight">Outputs × inputs × kernel × kernel, row-major.</param>
/// <param name="WeightShape">Those four sizes.</param>
/// <param name="Bias">One per output.</param>
internal sealed record FoldedConvolution(float[] Weight, long[] WeightShape, float[] Bias)
{
    /// <summary>Folds: norm(w∗x) = (w·s)∗x + (β − mean·s) with s = γ / √(variance + ε), worked out in double.</summary>
    public static FoldedConvolution Of(ConvolutionLayer layer)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor scale = Double(layer.Norm.weight!) / (Double(layer.Norm.running_var!) + layer.Norm.eps).sqrt();
        Tensor weight = Double(layer.Weight) * scale.reshape(-1, 1, 1, 1);
        Tensor bias = Double(layer.Norm.bias!) - (Double(layer.Norm.running_mean!) * scale);
        return new FoldedConvolution(weight.ToFloats(), weight.shape, bias.ToFloats());
    }

    private static Tensor Double(Tensor tensor) => tensor.detach().to_type(ScalarType.Float64);
}
