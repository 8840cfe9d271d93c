using KeypointPipeline.TrainerJob.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Onnx;

/// <summary>A convolution and the batch norm after it, merged into one convolution with bias. They are equivalent once the norm's
/// statistics no longer change.</summary>
/// <param name="Weight">Outputs × inputs × kernel × kernel, row-major.</param>
/// <param name="WeightShape">The four sizes of <paramref name="Weight"/>.</param>
/// <param name="Bias">One per output.</param>
internal sealed record FoldedConvolution(float[] Weight, long[] WeightShape, float[] Bias)
{
    /// <summary>Merges both: norm(w∗x) = (w·s)∗x + (β − mean·s) with s = γ / √(variance + ε), computed in double precision.</summary>
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
