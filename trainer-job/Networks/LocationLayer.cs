using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>Turns feature maps into coordinates: every cell votes for each keypoint with a place (its own centre plus an offset it
/// has learnt) and a weight (soft-max over all cells); the prediction is the weighted mean of the places.</summary>
/// <remarks>
/// <para>A 1×1 convolution gives 3K maps: K of scores s, K of x offsets, K of y offsets, offsets in cells. Keypoint k is
/// Σᵢ softmaxᵢ(s_k) · (centreᵢ + cell · offset_kᵢ), in frame pixels.</para>
/// <para>One more 1×1 convolution gives K maps of log errors, and ln e_k is their mean under the same weights: how far off the place
/// is expected to be. Neither the features nor the weights are trained by it, so that it costs the places nothing.</para>
/// <para>It joins integral regression (Sun et al., "Integral Human Pose Regression", 2018) with per-cell offsets (Jin et al.,
/// "Pixel-in-Pixel Net", 2021): coarse maps suffice, and unlike a fully connected layer a feature found anywhere counts the same.</para>
/// </remarks>
public sealed class LocationLayer : NetworkLayer
{
    private readonly Conv2d _maps;
    private readonly Conv2d _errors;
    private readonly Tensor _centres;
    private readonly Tensor _cell;
    private readonly int _keypoints;

    /// <summary>Creates it.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="keypoints">K.</param>
    /// <param name="cells">Height and width of the input, in cells.</param>
    /// <param name="frame">Height and width of the frame, in pixels.</param>
    public LocationLayer(int inputs, int keypoints, (int Height, int Width) cells, (int Height, int Width) frame)
        : base(nameof(LocationLayer))
    {
        _keypoints = keypoints;
        _maps = nn.Conv2d(inputs, 3 * keypoints, kernel_size: 1);
        _errors = nn.Conv2d(inputs, keypoints, kernel_size: 1);
        float cellWidth = (float)frame.Width / cells.Width;
        float cellHeight = (float)frame.Height / cells.Height;
        _cell = tensor([cellWidth, cellHeight]);
        _centres = tensor(Centres(cells, cellWidth, cellHeight)).reshape(2, -1);
        RegisterComponents(); // the tensors too, under their fields' names: so they move with the layer to another device
    }

    /// <summary>N×C×h×w to N×K×3: x and y in frame pixels, and the natural logarithm of their expected error in frame pixels.</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor features = input.to_type(ScalarType.Float32); // a coordinate needs more than bfloat16's eight bits
        Tensor maps = _maps.forward(features).reshape(input.shape[0], 3, _keypoints, -1);
        Tensor weights = maps.narrow(1, 0, 1).softmax(-1); // N×1×K×cells
        Tensor offsets = maps.narrow(1, 1, 2); // N×2×K×cells
        Tensor places = (offsets * _cell.reshape(2, 1, 1)) + _centres.reshape(2, 1, -1);
        Tensor errors = _errors.forward(features.detach()).reshape(input.shape[0], 1, _keypoints, -1);
        return cat([(weights * places).sum([-1L]), (weights.detach() * errors).sum([-1L])], 1)
            .transpose(1, 2).contiguous().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    internal override void Initialize(Generator random)
    {
        // Small scores: at first all cells weigh nearly the same.
        using IDisposable noGradients = no_grad();
        _maps.weight.normal_(0, Math.Sqrt(1.0 / (3 * _maps.weight.shape[1])), random);
        nn.init.zeros_(_maps.bias!);
        nn.init.zeros_(_errors.weight);
        nn.init.zeros_(_errors.bias!);
    }

    /// <inheritdoc/>
    public override void Accept(INetworkVisitor visitor) => visitor.Locate(
        _maps.weight, _maps.bias!, _errors.weight, _errors.bias!, _centres, _cell);

    private static float[] Centres((int Height, int Width) cells, float cellWidth, float cellHeight)
    {
        int count = cells.Height * cells.Width;
        float[] centres = new float[2 * count];
        for (int i = 0; i < count; i++)
        {
            // Pixel centres are at integers, so the frame spans −0.5 … width − 0.5.
            centres[i] = (((i % cells.Width) + 0.5f) * cellWidth) - 0.5f;
            centres[count + i] = (((i / cells.Width) + 0.5f) * cellHeight) - 0.5f;
        }

        return centres;
    }
}
