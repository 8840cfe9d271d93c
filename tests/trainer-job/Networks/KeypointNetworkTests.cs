using System.Text;
using KeypointPipeline.Errors;
using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Networks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Networks;

public sealed class KeypointNetworkTests
{
    public static TheoryData<string> Names => [.. NetworkRegistry.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_frame_and_any_number_of_keypoints_go_through(string name)
    {
        foreach ((int width, int height, int keypoints) in new[] { (96, 96, 15), (37, 53, 1), (8, 8, 4) })
        {
            using DisposeScope scope = NewDisposeScope();
            KeypointNetwork network = Create(name, width, height, keypoints, seed: 1);
            network.eval();

            Tensor predicted = network.Predict(randint(0, 256, [2, height, width], ScalarType.Byte));

            Assert.Equal([2, keypoints], predicted.shape[..2]);
            Assert.InRange(predicted.shape[2], 2, 3);
            Assert.True(predicted.isfinite().all().item<bool>());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_fresh_network_predicts_near_the_frames_centre(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        KeypointNetwork network = Create(name, 64, 32, keypoints: 5, seed: 1);
        network.eval();

        Tensor mean = network.Predict(randint(0, 256, [4, 32, 64], ScalarType.Byte)).mean([0L, 1L]);

        Assert.InRange(mean[0].item<float>(), 20, 44);
        Assert.InRange(mean[1].item<float>(), 8, 24);
    }

    [Fact]
    public void Bytes_and_floats_of_the_same_image_give_the_same_keypoints()
    {
        using DisposeScope scope = NewDisposeScope();
        KeypointNetwork network = Create("ml-resnet-small", 24, 24, keypoints: 3, seed: 1);
        network.eval();
        Tensor bytes = randint(0, 256, [2, 24, 24], ScalarType.Byte);

        Assert.True(network.forward(bytes).eq(network.forward(bytes.to_type(ScalarType.Float32))).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Exposure_and_contrast_do_not_move_keypoints(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        KeypointNetwork network = Create(name, 24, 24, keypoints: 3, seed: 1);
        network.eval();
        Tensor image = rand(1, 24, 24) * 255;

        Tensor difference = network.forward(image) - network.forward((image * 0.5) + 40);

        Assert.True(difference.abs().max().item<float>() < 0.05f);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_draws_the_same_weights_whatever_else_draws_meanwhile(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        KeypointNetwork first = Create(name, 24, 24, keypoints: 3, seed: 9);
        rand(100);
        KeypointNetwork second = Create(name, 24, 24, keypoints: 3, seed: 9);
        KeypointNetwork other = Create(name, 24, 24, keypoints: 3, seed: 10);

        Assert.True(Same(first, second));
        Assert.False(Same(first, other));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_saved_network_loaded_again_predicts_the_same(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        KeypointNetwork network = Create(name, 24, 24, keypoints: 3, seed: 1);
        KeypointNetwork loaded = Create(name, 24, 24, keypoints: 3, seed: 2);
        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true))
            network.save(writer);
        file.Position = 0;

        using (var reader = new BinaryReader(file))
            loaded.load(reader);

        network.eval();
        loaded.eval();
        Tensor images = randint(0, 256, [2, 24, 24], ScalarType.Byte);
        Assert.True(Same(network, loaded));
        Assert.True(network.forward(images).eq(loaded.forward(images)).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_visitor_is_told_of_every_weight(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        KeypointNetwork network = NetworkRegistry.Create(name, new KeypointSchema(["eye_l", "eye_r", "nose"], 96, 96));
        var counter = new WeightCounter();

        network.Accept(counter);

        Assert.Equal(network.ParameterCount, counter.Weights);
        Assert.Equal(network.AveragesFlips ? ["standardize", "mirrored", "keypoints", "finish"] : ["standardize", "keypoints", "finish"], counter.Ends);
    }

    [Fact]
    public void Predictions_are_averaged_over_the_mirror_image_only_if_mirror_pairs_are_known()
    {
        using DisposeScope scope = NewDisposeScope();
        KeypointNetwork paired = Create(["eye_l", "eye_r", "nose"]);
        KeypointNetwork unpaired = Create(["eye_1", "eye_2", "nose"]);
        Tensor images = randint(0, 256, [2, 32, 24], ScalarType.Byte);
        var counter = new WeightCounter();

        unpaired.Accept(counter);

        Assert.True(paired.AveragesFlips);
        Assert.False(unpaired.AveragesFlips);
        Assert.DoesNotContain("mirrored", counter.Ends);
        Assert.True(unpaired.Predict(images).narrow(2, 0, 2).eq(unpaired.forward(images).narrow(2, 0, 2)).all().item<bool>());
    }

    [Fact]
    public void The_mirror_image_leaves_a_keypoint_without_partner_as_it_is()
    {
        using DisposeScope scope = NewDisposeScope();
        KeypointNetwork network = Create(["eye_l", "scar_l", "eye_r"]);
        Tensor images = randint(0, 256, [2, 32, 24], ScalarType.Byte);

        Tensor asIs = network.forward(images);
        Tensor mirrored = network.forward(images.flip(2));
        Tensor predicted = network.Predict(images);

        Assert.True((predicted.select(1, 1).narrow(1, 0, 2) - asIs.select(1, 1).narrow(1, 0, 2)).abs().max().item<float>() < 1e-4f);
        Assert.True((predicted[0, 1, 2] - asIs[0, 1, 2].exp()).abs().item<float>() < 1e-4f);
        Tensor mean = (asIs.select(1, 0).select(1, 0) + (24 - 1) - mirrored.select(1, 2).select(1, 0)) / 2;
        Assert.True((predicted.select(1, 0).select(1, 0) - mean).abs().max().item<float>() < 1e-3f);
    }

    [Fact]
    public void An_unknown_network_is_answered_with_the_names_there_are()
    {
        var e = Assert.Throws<UserErrorException>(() => NetworkRegistry.Find("resnet-5000"));

        Assert.All(NetworkRegistry.All, network => Assert.Contains(network.Name, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_shortcuts_all_else_stays_equal()
    {
        using DisposeScope scope = NewDisposeScope();
        var residual = new WeightCounter();
        var plain = new WeightCounter();

        Create("ml-resnet", 96, 96, keypoints: 15, seed: 1).Accept(residual);
        Create("ml-resnet-plain", 96, 96, keypoints: 15, seed: 1).Accept(plain);

        Assert.Equal(residual.Through, plain.Through);
        Assert.Equal(residual.Weights - residual.ShortcutWeights, plain.Weights);
        Assert.Equal(0, plain.ShortcutWeights);
    }

    [Fact]
    public void The_plain_network_pools_a_large_frame_to_the_published_size()
    {
        using KeypointNetwork network = Create("plain-cnn", 96, 96, keypoints: 15, seed: 1);

        Assert.Contains(network.parameters(), parameter => parameter.shape.SequenceEqual([500L, 128 * 11 * 11]));
    }

    private static KeypointNetwork Create(string name, int width, int height, int keypoints, ulong seed)
    {
        KeypointNetwork network = NetworkRegistry.Create(
            name, new KeypointSchema([.. Enumerable.Range(0, keypoints).Select(k => $"point_{k}")], width, height));
        network.Initialize(seed);
        return network;
    }

    private static KeypointNetwork Create(string[] names)
    {
        KeypointNetwork network = NetworkRegistry.Create("pyramid-resnet", new KeypointSchema(names, 24, 32));
        network.Initialize(seed: 1);
        network.eval();
        return network;
    }

    private static bool Same(KeypointNetwork a, KeypointNetwork b) =>
        a.parameters().Zip(b.parameters()).All(pair => pair.First.eq(pair.Second).all().item<bool>());

    private sealed class WeightCounter : INetworkVisitor
    {
        public long Weights { get; private set; }

        public long ShortcutWeights { get; private set; }

        /// <summary>Weight shape, stride and padding of the convolutions that are not shortcuts, in order.</summary>
        public List<string> Through { get; } = [];

        public List<string> Ends { get; } = [];

        public void Standardize(float epsilon) => Ends.Add("standardize");

        public void Convolution(ConvolutionLayer layer)
        {
            Weights += Count(layer);
            Through.Add($"{string.Join('×', layer.Weight.shape)}/{layer.Stride}+{layer.Padding}");
        }

        public void Residual(ConvolutionLayer first, ConvolutionLayer second, ConvolutionLayer? shortcut)
        {
            Convolution(first);
            Convolution(second);
            if (shortcut is null)
                return;
            ShortcutWeights += Count(shortcut);
            Weights += Count(shortcut);
        }

        public void AddMirrored() => Ends.Add("mirrored");

        public void Patches(int side)
        {
        }

        public void Pyramid(IReadOnlyList<NetworkLayer> deep, ConvolutionLayer lateral, ConvolutionLayer top, ConvolutionLayer merge)
        {
            foreach (NetworkLayer layer in deep)
                layer.Accept(this);
            Convolution(lateral);
            Convolution(top);
            Convolution(merge);
        }

        public void Locate(Tensor weight, Tensor bias, Tensor errorWeight, Tensor errorBias, Tensor centres, Tensor cell)
        {
            Weights += errorWeight.numel() + errorBias.numel();
            End(weight, bias);
        }

        public void Finish(Tensor offset, Tensor errorScale) => Ends.Add("finish");

        public void ConvolutionPool(ConvolutionPoolLayer layer) => Weights += layer.Weight.numel() + layer.Bias.numel();

        public void Dense(Tensor weight, Tensor bias) => Weights += weight.numel() + bias.numel();

        public void Coordinates(Tensor weight, Tensor bias, Tensor centre, Tensor halfFrame) => End(weight, bias);

        private void End(Tensor weight, Tensor bias)
        {
            Weights += weight.numel() + bias.numel();
            Ends.Add("keypoints");
        }

        private static long Count(ConvolutionLayer layer) =>
            layer.Weight.numel() + layer.Norm.weight!.numel() + layer.Norm.bias!.numel();
    }
}
