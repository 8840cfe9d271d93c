using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Onnx.Format;
using KeypointPipeline.TrainerJob.Networks;
using TorchSharp;
using static KeypointPipeline.Onnx.Format.TensorProto.Types;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Onnx;

/// <summary>Translates a network into an ONNX graph from grey images in bytes to frame pixels.</summary>
internal sealed class OnnxNetworkGraph : INetworkVisitor
{
    private const string OutputDescription =
        "Keypoints in the schema's order, each x (right) and y (down) in pixels of the frame, pixel centres at integers.";

    private readonly OnnxGraphBuilder _graph;
    private readonly KeypointSchema _schema;
    private OnnxValue _features;
    private int _convolutions;
    private int _residuals;
    private int _denses;
    private int _pyramids;
    private bool _averagesFlips;
    private OnnxValue? _keypoints;
    private OnnxValue? _logErrors;

    private OnnxNetworkGraph(KeypointNetwork network)
    {
        _schema = network.Schema;
        _graph = new OnnxGraphBuilder(network.NetworkName, $"Finds {_schema} in grey images.");
        _features = _graph.Input(
            ModelMetadata.InputName, DataType.Uint8, [OnnxValue.AnyBatch, _schema.FrameHeight, _schema.FrameWidth],
            "Grey images of the frame's size, rows from the top, 0 black to 255 white.");
    }

    /// <summary>The graph of a network's prediction, with batch norms merged into the convolutions.</summary>
    /// <exception cref="ArgumentException">A weight is not finite.</exception>
    public static GraphProto Of(KeypointNetwork network)
    {
        var graph = new OnnxNetworkGraph(network);
        network.Accept(graph);
        return graph._graph.Build();
    }

    void INetworkVisitor.Standardize(float epsilon)
    {
        OnnxValue bytes = _graph.Unsqueeze("standardize.channel", _features, axis: 1);
        OnnxValue grey = _graph.Cast("standardize.grey", bytes, DataType.Float);
        OnnxValue mean = MeanOfImage("standardize.mean", grey);
        OnnxValue centred = _graph.Sub("standardize.centred", grey, mean);
        OnnxValue squares = _graph.Mul("standardize.squares", centred, centred);
        OnnxValue variance = MeanOfImage("standardize.variance", squares);
        OnnxValue floor = _graph.Constant("standardize.epsilon", [epsilon], 1);
        OnnxValue deviation = _graph.Sqrt("standardize.deviation", _graph.Add("standardize.floored", variance, floor));
        _features = _graph.Div("standardize", centred, deviation);
    }

    void INetworkVisitor.Convolution(ConvolutionLayer layer) =>
        _features = Convolve($"convolution{++_convolutions}", _features, layer);

    void INetworkVisitor.Residual(ConvolutionLayer first, ConvolutionLayer second, ConvolutionLayer? shortcut)
    {
        string name = $"residual{++_residuals}";
        OnnxValue around = shortcut is null ? _features : Convolve($"{name}.shortcut", _features, shortcut);
        OnnxValue through = Convolve($"{name}.second", Convolve($"{name}.first", _features, first), second);
        _features = _graph.Relu(name, _graph.Add($"{name}.sum", through, around));
    }

    void INetworkVisitor.ConvolutionPool(ConvolutionPoolLayer layer)
    {
        string name = $"convolution{++_convolutions}";
        OnnxValue convolved = _graph.Conv(
            $"{name}.convolution",
            _features,
            _graph.Constant($"{name}.weight", layer.Weight.ToFloats(), layer.Weight.shape),
            _graph.Constant($"{name}.bias", layer.Bias.ToFloats(), layer.Bias.shape),
            stride: 1,
            layer.Padding);
        _features = _graph.MaxPool(name, _graph.Relu($"{name}.relu", convolved), ConvolutionPoolLayer.Pool);
    }

    void INetworkVisitor.Dense(Tensor weight, Tensor bias)
    {
        string name = $"dense{++_denses}";
        _features = _graph.Relu(name, SumUp(name, weight, bias));
    }

    void INetworkVisitor.Coordinates(Tensor weight, Tensor bias, Tensor centre, Tensor halfFrame)
    {
        using DisposeScope scope = NewDisposeScope();

        // Weights and bias include the frame's size and centre, so that the sums are in pixels.
        Tensor size = halfFrame.to_type(ScalarType.Float64).repeat(_schema.Count);
        OnnxValue coordinates = SumUp("coordinates", weight * size.unsqueeze(-1), (bias * size) + centre.repeat(_schema.Count));
        _keypoints = _graph.Reshape("coordinates.pairs", coordinates, _schema.Count, 2);
    }

    void INetworkVisitor.AddMirrored()
    {
        _features = _graph.Stack("flips", _features, _graph.Reverse("flips.mirrored", _features, axis: 3));
        _averagesFlips = true;
    }

    void INetworkVisitor.Patches(int side)
    {
        (long right, long bottom) = PatchLayer.Missing(_features.Shape[3], _features.Shape[2], side);
        OnnxValue whole = right + bottom == 0 ? _features : _graph.PadEnd("patches.whole", _features, right, bottom);
        _features = _graph.SpaceToDepth("patches", whole, side);
    }

    void INetworkVisitor.Pyramid(
        IReadOnlyList<NetworkLayer> deep, ConvolutionLayer lateral, ConvolutionLayer top, ConvolutionLayer merge)
    {
        string name = ++_pyramids == 1 ? "pyramid" : $"pyramid{_pyramids}";
        OnnxValue input = _features;
        foreach (NetworkLayer layer in deep)
            layer.Accept(this);
        OnnxValue seen = _graph.RepeatTwice($"{name}.seen", Convolve($"{name}.top", _features, top), input.Shape[2], input.Shape[3]);
        OnnxValue sum = _graph.Add($"{name}.sum", Convolve($"{name}.lateral", input, lateral), seen);
        _features = Convolve(name, _graph.Relu($"{name}.positive", sum), merge);
    }

    void INetworkVisitor.Locate(
        Tensor weight, Tensor bias, Tensor errorWeight, Tensor errorBias, Tensor centres, Tensor cell)
    {
        using DisposeScope scope = NewDisposeScope();
        long keypoints = _schema.Count;
        long cells = _features.Shape[2] * _features.Shape[3];

        OnnxValue scores = Project("location.scores", weight.narrow(0, 0, keypoints), bias.narrow(0, 0, keypoints));
        OnnxValue votes = _graph.SoftmaxOverLast(
            "location.votes", _graph.Reshape("location.score_list", scores, 1, keypoints, cells));

        // The network's offsets are in cells. The weights include the cell's size, so that the convolution's output is in pixels.
        Tensor size = cell.to_type(ScalarType.Float64).repeat_interleave(keypoints);
        OnnxValue offsets = Project(
            "location.offsets",
            weight.narrow(0, keypoints, 2 * keypoints) * size.reshape(-1, 1, 1, 1),
            bias.narrow(0, keypoints, 2 * keypoints) * size);
        OnnxValue places = _graph.Add(
            "location.places",
            _graph.Reshape("location.offset_list", offsets, 2, keypoints, cells),
            _graph.Constant("location.cell_centres", centres.ToFloats(), 2, 1, cells));
        OnnxValue coordinates = _graph.SumOverLast("location.coordinates", _graph.Mul("location.voted_places", votes, places));
        _keypoints = _graph.Transpose("location", coordinates, 0, 2, 1);

        OnnxValue errors = Project("location.errors", errorWeight, errorBias);
        _logErrors = _graph.Reshape(
            "location.log_errors",
            _graph.SumOverLast("location.mean_errors", _graph.Mul(
                "location.voted_errors", votes, _graph.Reshape("location.error_list", errors, 1, keypoints, cells))),
            keypoints);
    }

    void INetworkVisitor.Finish(Tensor offset, Tensor errorScale)
    {
        float[] shift = offset.ToFloats();
        OnnxValue keypoints = _keypoints ?? throw new InvalidOperationException("The last layer gave no keypoints.");
        OnnxValue? logErrors = _logErrors;
        if (_averagesFlips)
        {
            // Half of x, and half of (width − 1) − x of the mirrored keypoint in the mirror image; the constant part joins the offset.
            // Keypoints without partner take all of x and nothing of the mirror image.
            (OnnxValue asIs, OnnxValue mirrored) = _graph.Halves("keypoint_flips", keypoints);
            for (int k = 0; k < _schema.Count; k++)
                shift[2 * k] += ShareBack(k) * (_schema.FrameWidth - 1);
            OnnxValue share = HasOneSided
                ? _graph.Constant("keypoint_flips.share", PerKeypoint(k => 1 - ShareBack(k)), _schema.Count, 1)
                : _graph.Constant("keypoint_flips.half_of_it", [0.5f], 1);
            OnnxValue shareBack = HasOneSided
                ? _graph.Constant("keypoint_flips.share_back", [.. PerKeypoint(ShareBack).SelectMany(back => new[] { -back, back })], _schema.Count, 2)
                : _graph.Constant("keypoint_flips.half_back", [-0.5f, 0.5f], 2);
            keypoints = _graph.Add(
                "keypoint_flips.mean",
                _graph.Mul("keypoint_flips.half", asIs, share),
                _graph.Mul("keypoint_flips.other_half", _graph.Pick("keypoint_flips.swapped", mirrored, Mirror()), shareBack));
            logErrors = logErrors is null ? null : MeanOverFlips(logErrors);
        }

        _graph.Output(
            _graph.Add(ModelMetadata.OutputName, keypoints, _graph.ConstantWithGaps("offset", shift, _schema.Count, 2)),
            OutputDescription);
        if (logErrors is not null)
        {
            _graph.Output(
                _graph.Mul(ModelMetadata.UncertaintyName, _graph.Exp("error", logErrors), _graph.ConstantWithGaps("error_scale", errorScale.ToFloats(), _schema.Count)),
                "How far off each keypoint is expected to be: root mean square per coordinate, in pixels of the frame.");
        }
    }

    private OnnxValue MeanOverFlips(OnnxValue logErrors)
    {
        (OnnxValue asIs, OnnxValue mirrored) = _graph.Halves("error_flips", logErrors);
        OnnxValue swapped = _graph.Pick("error_flips.swapped", mirrored, Mirror());
        if (HasOneSided)
        {
            return _graph.Add(
                "error_flips.mean",
                _graph.Mul("error_flips.own", asIs, _graph.Constant("error_flips.share", PerKeypoint(k => 1 - ShareBack(k)), _schema.Count)),
                _graph.Mul("error_flips.other", swapped, _graph.Constant("error_flips.share_back", PerKeypoint(ShareBack), _schema.Count)));
        }

        return _graph.Mul("error_flips.mean", _graph.Add("error_flips.sum", asIs, swapped), _graph.Constant("error_flips.half", [0.5f], 1));
    }

    private bool HasOneSided => _schema.OneSided.Count > 0;

    /// <summary>The mirror image's share of a keypoint.</summary>
    private float ShareBack(int keypoint) => _schema.OneSided.Contains(keypoint) ? 0 : 0.5f;

    private float[] PerKeypoint(Func<int, float> value) => [.. Enumerable.Range(0, _schema.Count).Select(value)];

    private long[] Mirror() => [.. _schema.MirrorMap.Select(k => (long)k)];

    /// <summary>Takes the means of the rows first, and then their mean. A single float sum over the whole image would lose small values
    /// next to large ones: with one white pixel on black, keypoints were 0.005 px off, against 0.0004 px this way.</summary>
    private OnnxValue MeanOfImage(string name, OnnxValue image) =>
        _graph.Mean(name, _graph.Mean($"{name}_of_rows", image, 3), 2);

    private OnnxValue Convolve(string name, OnnxValue input, ConvolutionLayer layer)
    {
        FoldedConvolution folded = FoldedConvolution.Of(layer);
        OnnxValue output = _graph.Conv(
            layer.HasRelu ? $"{name}.convolution" : name,
            input,
            _graph.Constant($"{name}.weight", folded.Weight, folded.WeightShape),
            _graph.Constant($"{name}.bias", folded.Bias, folded.Bias.Length),
            layer.Stride,
            layer.Padding);
        return layer.HasRelu ? _graph.Relu(name, output) : output;
    }

    /// <summary>Flattens the features to one list per image; then weight · list + bias.</summary>
    private OnnxValue SumUp(string name, Tensor weight, Tensor bias)
    {
        OnnxValue list = _features.Rank == 2 ? _features : _graph.Reshape($"{name}.list", _features, weight.shape[1]);
        return _graph.Gemm(
            $"{name}.sums",
            list,
            _graph.Constant($"{name}.weight", weight.ToFloats(), weight.shape),
            _graph.Constant($"{name}.bias", bias.ToFloats(), bias.shape));
    }

    /// <summary>A 1×1 convolution of the features.</summary>
    private OnnxValue Project(string name, Tensor weight, Tensor bias) => _graph.Conv(
        name,
        _features,
        _graph.Constant($"{name}.weight", weight.ToFloats(), weight.shape),
        _graph.Constant($"{name}.bias", bias.ToFloats(), bias.shape),
        stride: 1,
        padding: 0);
}
