using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>Is told, in order, what a <see cref="KeypointNetwork"/> computes when it predicts: all that an exporter needs. Each call
/// takes the one before's output as its input; tensors are batch × channels × height × width, the first N×1×H×W grey values 0…255.</summary>
/// <remarks>Tensors handed over belong to the network: read them, do not dispose them.</remarks>
public interface INetworkVisitor
{
    /// <summary>Per image: subtract its mean, divide by the square root of its (population) variance + <paramref name="epsilon"/>.</summary>
    void Standardize(float epsilon);

    /// <summary>The batch twice: the images as they are, then the images mirrored left to right.</summary>
    void AddMirrored();

    /// <summary>What <see cref="PatchLayer"/> does.</summary>
    /// <param name="side">Pixels along a patch's side.</param>
    void Patches(int side);

    /// <summary>What <see cref="PyramidLayer"/> does.</summary>
    /// <param name="deep">Layers, to be visited in order, each on the one before's output.</param>
    /// <param name="lateral">On the input.</param>
    /// <param name="top">On the last deep layer's output, before it is repeated to the input's size.</param>
    /// <param name="merge">On the two's sum's positive part.</param>
    void Pyramid(IReadOnlyList<NetworkLayer> deep, ConvolutionLayer lateral, ConvolutionLayer top, ConvolutionLayer merge);

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

    /// <summary>The image's numbers as one list; then centre + halfFrame · (weight · list + bias), N×K×2
    /// keypoints.</summary>
    /// <param name="weight">2K × inputs: x and y of each keypoint in turn.</param>
    /// <param name="bias">2K.</param>
    /// <param name="centre">Of the frame, frame pixels: x, y.</param>
    /// <param name="halfFrame">Frame pixels: half the width, half the height.</param>
    void Coordinates(Tensor weight, Tensor bias, Tensor centre, Tensor halfFrame);

    /// <summary>3K maps of h×w cells to keypoints, K maps to their expected errors' logarithms, see <see cref="LocationLayer"/>.</summary>
    /// <param name="weight">The maps' 1×1 convolution, 3K×C×1×1.</param>
    /// <param name="bias">Its bias, 3K.</param>
    /// <param name="errorWeight">The error maps' 1×1 convolution, K×C×1×1.</param>
    /// <param name="errorBias">Its bias, K.</param>
    /// <param name="centres">Frame pixels of the cells' centres, 2×(h·w): all x, then all y, row by row.</param>
    /// <param name="cell">Frame pixels per cell: width, height (2 numbers).</param>
    void Locate(Tensor weight, Tensor bias, Tensor errorWeight, Tensor errorBias, Tensor centres, Tensor cell);

    /// <summary>The last call: from what the last layer gave to what the network predicts. After <see cref="AddMirrored"/>, first the
    /// mean of each image's keypoints and of its mirror image's, mirrored back; of expected errors, the logarithms' mean.</summary>
    /// <param name="offset">To be added to the keypoints, K×2 frame pixels.</param>
    /// <param name="errorScale">To multiply the expected errors with, K.</param>
    void Finish(Tensor offset, Tensor errorScale);
}
