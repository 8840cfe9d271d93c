using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>Receives, in order, the operations that a <see cref="KeypointNetwork"/> performs when it predicts. This is all that an
/// exporter needs. The output of each call is the input of the next. Tensors are batch × channels × height × width; the first input is
/// N×1×H×W grey values 0…255.</summary>
/// <remarks>The tensors belong to the network: read them, but do not dispose them.</remarks>
public interface INetworkVisitor
{
    /// <summary>Per image: subtract its mean, divide by the square root of its (population) variance + <paramref name="epsilon"/>.</summary>
    void Standardize(float epsilon);

    /// <summary>Doubles the batch: the images, followed by the same images mirrored left to right.</summary>
    void AddMirrored();

    /// <summary>See <see cref="PatchLayer"/>.</summary>
    /// <param name="side">Pixels along a patch's side.</param>
    void Patches(int side);

    /// <summary>See <see cref="PyramidLayer"/>.</summary>
    /// <param name="deep">Layers to visit in order. The output of each is the input of the next.</param>
    /// <param name="lateral">Applied to the input.</param>
    /// <param name="top">Applied to the last deep layer's output, before upsampling to the input's size.</param>
    /// <param name="merge">Applied to relu(lateral + top).</param>
    void Pyramid(IReadOnlyList<NetworkLayer> deep, ConvolutionLayer lateral, ConvolutionLayer top, ConvolutionLayer merge);

    /// <summary>A 2-D convolution, then batch norm with its running statistics, then max(x, 0) if <see cref="ConvolutionLayer.HasRelu"/>.</summary>
    void Convolution(ConvolutionLayer layer);

    /// <summary>max(0, <paramref name="second"/>(<paramref name="first"/>(x)) + <paramref name="shortcut"/>(x)).</summary>
    /// <param name="first">Applied to the input.</param>
    /// <param name="second">Applied to the output of the first; has no ReLU of its own.</param>
    /// <param name="shortcut">Gives the input the output's shape; null if the input already has it.</param>
    void Residual(ConvolutionLayer first, ConvolutionLayer second, ConvolutionLayer? shortcut);

    /// <summary>A 2-D convolution with bias, then max(x, 0), then the largest of every 2×2 values: see <see cref="ConvolutionPoolLayer"/>.</summary>
    void ConvolutionPool(ConvolutionPoolLayer layer);

    /// <summary>Flattens each image (channel by channel, row by row) to a list; then max(0, weight · list + bias).</summary>
    /// <param name="weight">Outputs × inputs.</param>
    /// <param name="bias">One per output.</param>
    void Dense(Tensor weight, Tensor bias);

    /// <summary>Flattens each image to a list; then centre + halfFrame · (weight · list + bias), N×K×2 keypoints.</summary>
    /// <param name="weight">2K × inputs: x and y of each keypoint in turn.</param>
    /// <param name="bias">2K.</param>
    /// <param name="centre">The frame's centre, frame pixels: x, y.</param>
    /// <param name="halfFrame">Frame pixels: half the width, half the height.</param>
    void Coordinates(Tensor weight, Tensor bias, Tensor centre, Tensor halfFrame);

    /// <summary>Turns 3K maps of h×w cells into keypoints, and K maps into the logarithms of their expected errors. See <see cref="LocationLayer"/>.</summary>
    /// <param name="weight">The maps' 1×1 convolution, 3K×C×1×1.</param>
    /// <param name="bias">Its bias, 3K.</param>
    /// <param name="errorWeight">The error maps' 1×1 convolution, K×C×1×1.</param>
    /// <param name="errorBias">Its bias, K.</param>
    /// <param name="centres">The cells' centres, frame pixels, 2×(h·w): all x, then all y, row by row.</param>
    /// <param name="cell">Frame pixels per cell: width, height (2 numbers).</param>
    void Locate(Tensor weight, Tensor bias, Tensor errorWeight, Tensor errorBias, Tensor centres, Tensor cell);

    /// <summary>The last call: turns the last layer's output into the prediction. After <see cref="AddMirrored"/>, it first averages
    /// each image's keypoints with those of its mirror image, mirrored back. Expected errors are averaged as logarithms. Keypoints on one
    /// side without partner (<see cref="KeypointPipeline.Keypoints.KeypointSchema.OneSided"/>) are not averaged.</summary>
    /// <param name="offset">Added to the keypoints, K×2 frame pixels.</param>
    /// <param name="errorScale">Factors for the expected errors, K.</param>
    void Finish(Tensor offset, Tensor errorScale);
}
