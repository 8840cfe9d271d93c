using KeypointPipeline.Keypoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>Grey images in, keypoints out, for one keypoint schema: a chain of <see cref="NetworkLayer"/>s.</summary>
public sealed class KeypointNetwork : nn.Module<Tensor, Tensor>
{
    /// <summary>Added to the grey values' variance, so that a uniform image divides by 1.</summary>
    private const float VarianceFloor = 1f;

    private readonly ModuleList<NetworkLayer> _layers;

    internal KeypointNetwork(string networkName, KeypointSchema schema, IEnumerable<NetworkLayer> layers)
        : base(nameof(KeypointNetwork))
    {
        NetworkName = networkName;
        Schema = schema;
        _layers = nn.ModuleList(layers.ToArray());
        RegisterComponents();
    }

    /// <summary>The definition's name, such as <c>ml-resnet</c>.</summary>
    public string NetworkName { get; }

    /// <summary>What it predicts, and the frame it predicts in.</summary>
    public KeypointSchema Schema { get; }

    /// <summary>Trainable numbers.</summary>
    public long ParameterCount => parameters().Sum(p => p.numel());

    /// <summary>Draws fresh weights; the same seed gives the same ones.</summary>
    public void Initialize(ulong seed)
    {
        using var random = new Generator(seed);
        foreach (NetworkLayer layer in _layers)
            layer.Initialize(random);
    }

    /// <summary>Predicts keypoints.</summary>
    /// <param name="images">N×H×W grey values 0…255 of the schema's frame, uint8 or float32.</param>
    /// <returns>float32 N×K×2 (x, y), frame pixels.</returns>
    public override Tensor forward(Tensor images)
    {
        Tensor features = Standardize(images);
        foreach (NetworkLayer layer in _layers)
        {
            Tensor input = features;
            features = layer.forward(input);
            input.Dispose();
        }

        return features;
    }

    /// <summary>Tells <paramref name="visitor"/>, in order, everything <see cref="forward"/> does in evaluation mode.</summary>
    public void Accept(INetworkVisitor visitor)
    {
        visitor.Standardize(VarianceFloor);
        foreach (NetworkLayer layer in _layers)
            layer.Accept(visitor);
    }

    // Removes what lighting and exposure add and scale, so that the layers need not learn to.
    private static Tensor Standardize(Tensor images)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor grey = images.to_type(ScalarType.Float32).unsqueeze(1);
        Tensor centred = grey - grey.mean([2, 3], keepdim: true);
        Tensor variance = centred.square().mean([2, 3], keepdim: true);
        return (centred / (variance + VarianceFloor).sqrt()).MoveToOuterDisposeScope();
    }
}
