using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>Turns feature maps into coordinates. For each keypoint, every cell votes with a place (its centre plus a predicted offset)
/// and a weight (softmax over all cells). The prediction is the weighted mean of the places.</summary>
/// <remarks>
/// <para>A 1×1 convolution gives 3K maps: K of scores s, K of x offsets, K of y offsets, offsets in cells. Keypoint k is
/// Σᵢ softmaxᵢ(s_k) · (centreᵢ + cell · offset_kᵢ), in frame pixels.</para>
/// <para>Another 1×1 convolution gives K maps of log errors. ln e_k is their mean under the same weights, where e_k is the expected
/// error of the place. It trains neither the features nor the weights, so the places stay as accurate as without it.</para>
/// <para>The layer combines integral regression (Sun et al., "Integral Human Pose Regression", 2018) with per-cell offsets (Jin et al.,
/// "Pixel-in-Pixel Net", 2021): coarse maps suffice, and unlike in a fully connected layer, a feature counts the same wherever it is found.</para>
/// </remarks>
public sealed class LocationLayer : NetworkLayer
{
    private readonly Conv2d _maps;
    private readonly Conv2d _errors;
    private readonly Tensor _centres;
    private readonly Tensor _cell;
    private readonly int _keypoints;

    /// <summary>Creates the layer.</summary>
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
        RegisterComponents(); // also registers the tensors, so that they move with the layer to another device
    }

    /// <summary>Maps N×C×h×w to N×K×3: x and y in frame pixels, and the natural logarithm of the expected error in frame pixels.</summary>
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
        // Scores start small, so that all cells weigh nearly the same.
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
