using KeypointPipeline.Keypoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>A chain of <see cref="NetworkLayer"/>s that predicts the keypoints of one schema from grey images.</summary>
public sealed class KeypointNetwork : nn.Module<Tensor, Tensor>
{
    /// <summary>Name in saved networks of the mirror map, which follows from the schema.</summary>
    internal const string MirrorMapName = nameof(_mirror);

    /// <summary>Added to the grey values' variance, so that a uniform image divides by 1.</summary>
    private const float VarianceFloor = 1f;

    private readonly ModuleList<NetworkLayer> _layers;
    private readonly Tensor _offset;
    private readonly Tensor _sparseOffset;
    private readonly Tensor _errorScale;
    private readonly Tensor _mirror;

    internal KeypointNetwork(string networkName, KeypointSchema schema, IEnumerable<NetworkLayer> layers, bool averagesFlips)
        : base(nameof(KeypointNetwork))
    {
        NetworkName = networkName;
        Schema = schema;
        AveragesFlips = averagesFlips && schema.CanMirror;
        _layers = nn.ModuleList(layers.ToArray());
        _offset = zeros(schema.Count, 2);
        _sparseOffset = zeros(schema.Count, 2);
        _errorScale = ones(schema.Count);
        _mirror = tensor(schema.MirrorMap.Select(k => (long)k).ToArray());
        RegisterComponents(); // also registers the tensors, so that they are saved and move to another device
    }

    /// <summary>The definition's name, such as <c>pyramid-resnet</c>.</summary>
    public string NetworkName { get; }

    /// <summary>The keypoints that it predicts, and their frame.</summary>
    public KeypointSchema Schema { get; }

    /// <summary>Whether <see cref="Predict"/> averages over the image and its mirror image: the definition says so and the schema's mirror
    /// pairs are known.</summary>
    public bool AveragesFlips { get; }

    /// <summary>Trainable numbers.</summary>
    public long ParameterCount => parameters().Sum(p => p.numel());

    /// <summary>The precision of the layers in training. Weights are always float32.</summary>
    public ScalarType TrainingType { get; set; } = ScalarType.Float32;

    /// <summary>Added to the keypoints, K×2 frame pixels: a constant part of the labels that images do not show.</summary>
    public Tensor Offset => _offset;

    /// <summary>Offset of sparse rows' labels from complete rows' labels, K×2 frame pixels. Not part of predictions.</summary>
    public Tensor SparseOffset => _sparseOffset;

    /// <summary>Factors for the expected errors, K. They are 1 until calibration.</summary>
    public Tensor ErrorScale => _errorScale;

    /// <summary>Indices of keypoints that no training row labels. The network still computes them, but <see cref="Predict"/> and the
    /// exported model give NaN for them: nothing says where they are.</summary>
    public IReadOnlyList<int> Unlabelled { get; set; } = [];

    /// <summary>Draws new weights. The same seed gives the same weights.</summary>
    public void Initialize(ulong seed)
    {
        using var random = new Generator(seed);
        foreach (NetworkLayer layer in _layers)
            layer.Initialize(random);
    }

    /// <summary>Finds keypoints in the images as they are, without mirroring. This is what training optimizes.</summary>
    /// <param name="images">N×H×W grey values 0…255 of the schema's frame, uint8 or float32.</param>
    /// <returns>float32 N×K×2: x and y in frame pixels. If the last layer estimates errors, N×K×3: also the natural logarithm of the
    /// expected error in frame pixels, not calibrated.</returns>
    public override Tensor forward(Tensor images)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor found = Layers(Standardize(images), training ? TrainingType : ScalarType.Float32);
        return WithOffset(found).MoveToOuterDisposeScope();
    }

    /// <summary>Predicts as the exported model does: over the mirror image too if <see cref="AveragesFlips"/>, and with calibrated
    /// errors.</summary>
    /// <param name="images">N×H×W grey values 0…255 of the schema's frame, uint8 or float32.</param>
    /// <param name="precision">The precision of the layers. The exported model computes in float32.</param>
    /// <returns>float32 N×K×2: x and y in frame pixels. If the last layer estimates errors, N×K×3: also the expected error in frame
    /// pixels.</returns>
    public Tensor Predict(Tensor images, ScalarType precision = ScalarType.Float32) => PredictOver(images, precision, AveragesFlips);

    /// <summary>Predicts as <see cref="Predict"/> does, over the mirror image too or without it.</summary>
    /// <param name="images">N×H×W grey values 0…255 of the schema's frame, uint8 or float32.</param>
    /// <param name="precision">The precision of the layers.</param>
    /// <param name="averagesFlips">Whether to average over the image and its mirror image.</param>
    internal Tensor PredictOver(Tensor images, ScalarType precision, bool averagesFlips)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor standard = Standardize(images);
        Tensor found = averagesFlips ? OverFlips(Layers(cat([standard, standard.flip(3)], 0), precision)) : Layers(standard, precision);
        Tensor predicted = WithOffset(found);
        if (predicted.shape[2] == 3)
            predicted.select(2, 2).exp_().mul_(_errorScale);
        return WithoutUnlabelled(predicted, dimension: 1).MoveToOuterDisposeScope();
    }

    /// <summary>Describes to <paramref name="visitor"/>, in order, the operations of <see cref="Predict"/> in evaluation mode.</summary>
    public void Accept(INetworkVisitor visitor)
    {
        using DisposeScope scope = NewDisposeScope();
        visitor.Standardize(VarianceFloor);
        if (AveragesFlips)
            visitor.AddMirrored();
        foreach (NetworkLayer layer in _layers)
            layer.Accept(visitor);
        visitor.Finish(WithoutUnlabelled(_offset, dimension: 0), WithoutUnlabelled(_errorScale, dimension: 0));
    }

    // Removes the effect of lighting and exposure, so that the layers need not learn to ignore it.
    private static Tensor Standardize(Tensor images)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor grey = images.to_type(ScalarType.Float32).unsqueeze(1);
        Tensor centred = grey - grey.mean([2, 3], keepdim: true);
        Tensor variance = centred.square().mean([2, 3], keepdim: true);
        return (centred / (variance + VarianceFloor).sqrt()).MoveToOuterDisposeScope();
    }

    private Tensor Layers(Tensor standard, ScalarType precision)
    {
        Tensor features = standard.to_type(precision);
        foreach (NetworkLayer layer in _layers)
            features = layer.forward(features);
        return features;
    }

    private Tensor WithOffset(Tensor found) =>
        found.shape[2] == 2 ? found + _offset : cat([found.narrow(2, 0, 2) + _offset, found.narrow(2, 2, 1)], 2);

    /// <summary>A copy with NaN at the keypoints of <see cref="Unlabelled"/>; the tensor itself if there are none.</summary>
    /// <param name="perKeypoint">Values of all keypoints.</param>
    /// <param name="dimension">The tensor's dimension of keypoints.</param>
    internal Tensor WithoutUnlabelled(Tensor perKeypoint, int dimension)
    {
        if (Unlabelled.Count == 0)
            return perKeypoint;
        Tensor indices = tensor(Unlabelled.Select(k => (long)k).ToArray()).to(perKeypoint.device);
        return perKeypoint.index_fill(dimension, indices, float.NaN);
    }

    /// <summary>1×K×1: the keypoints that mirrored images cannot show.</summary>
    private Tensor OneSided(Device device) =>
        tensor(Enumerable.Range(0, Schema.Count).Select(Schema.OneSided.Contains).ToArray()).reshape(1, -1, 1).to(device);

    // A one-sided keypoint has no counterpart in the mirror image, so it stays as it is.
    private Tensor OverFlips(Tensor found)
    {
        long images = found.shape[0] / 2;
        Tensor turned = found.narrow(0, images, images).index_select(1, _mirror);
        Tensor back = cat([(Schema.FrameWidth - 1) - turned.narrow(2, 0, 1), turned.narrow(2, 1, found.shape[2] - 1)], 2);
        Tensor asIs = found.narrow(0, 0, images);
        Tensor mean = (asIs + back) / 2;
        return Schema.OneSided.Count == 0 ? mean : where(OneSided(found.device), asIs, mean);
    }
}
