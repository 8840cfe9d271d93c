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

    /// <summary>A 2-D convolution with bias, then max(x, 0), then the largest of every 2×2 values: see <see cref="ConvolutionPoolLayer"/>.</summary>
    void ConvolutionPool(ConvolutionPoolLayer layer);

    /// <summary>The image's numbers as one list (channel by channel, row by row); then max(0, weight · list + bias).</summary>
    /// <param name="weight">Outputs × inputs.</param>
    /// <param name="bias">One per output.</param>
    void Dense(Tensor weight, Tensor bias);

    /// <summary>One of the two last calls: the image's numbers as one list; then centre + halfFrame · (weight · list + bias), N×K×2
    /// keypoints.</summary>
    /// <param name="weight">2K × inputs: x and y of each keypoint in turn.</param>
    /// <param name="bias">2K.</param>
    /// <param name="centre">Of the frame, frame pixels: x, y.</param>
    /// <param name="halfFrame">Frame pixels: half the width, half the height.</param>
    void Coordinates(Tensor weight, Tensor bias, Tensor centre, Tensor halfFrame);

    /// <summary>The other last call: 3K maps of h×w cells to N×K×2 keypoints, see <see cref="LocationLayer"/>.</summary>
    /// <param name="weight">The maps' 1×1 convolution, 3K×C×1×1.</param>
    /// <param name="bias">Its bias, 3K.</param>
    /// <param name="centres">Frame pixels of the cells' centres, 2×(h·w): all x, then all y, row by row.</param>
    /// <param name="cell">Frame pixels per cell: width, height (2 numbers).</param>
    void Locate(Tensor weight, Tensor bias, Tensor centres, Tensor cell);
}
