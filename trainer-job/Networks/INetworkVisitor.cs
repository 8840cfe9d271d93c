using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>Is told, in order, what a <see cref="KeypointNetwork"/> computes when it predicts: all that an exporter needs. Each call
/// takes the one before's output as its input; tensors are batch × channels × height × width, the first N×1×H×W grey values 0…255.</summary>
/// <remarks>Tensors handed over belong to the network: read them, do not dispose them.</remarks>
public interface INetworkVisitor
{
    /// <summary>Per image: subtract its mean, divide by the square root of its (population) variance + <paramref name="epsilon"/>.</summary>
    void Standardize(float epsilon);

    /// <summary>A 2-D convolution, then batch norm with its running statistics, then max(x, 0) where <see cref="ConvolutionLayer.HasRelu"/>.</summary>
    void Convolution(ConvolutionLayer layer);

    /// <summary>max(0, <paramref name="second"/>(<paramref name="first"/>(x)) + <paramref name="shortcut"/>(x)).</summary>
    /// <param name="first">Applied to the input.</param>
    /// <param name="second">Applied to the first's output; has no ReLU of its own.</param>
    /// <param name="shortcut">Fits the input to the output's shape; null where the input is added as it is.</param>
    void Residual(ConvolutionLayer first, ConvolutionLayer second, ConvolutionLayer? shortcut);

    /// <summary>The last call: 3K maps of h×w cells to N×K×2 keypoints, see <see cref="LocationLayer"/>.</summary>
    /// <param name="weight">The maps' 1×1 convolution, 3K×C×1×1.</param>
    /// <param name="bias">Its bias, 3K.</param>
    /// <param name="centres">Frame pixels of the cells' centres, 2×(h·w): all x, then all y, row by row.</param>
    /// <param name="cell">Frame pixels per cell: width, height (2 numbers).</param>
    void Locate(Tensor weight, Tensor bias, Tensor centres, Tensor cell);
}
