using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Checkpoints;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Tests.Support;
using KeypointPipeline.Training;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Loop;

public sealed class MirrorPairTrainingTests
{
    private static readonly TrainingSettings Settings = new(Epochs: 3, Seed: 5, Network: "pyramid-resnet", BatchSize: 16);

    [Theory]
    [InlineData("eye_l", "eye_r")]
    [InlineData("L_eye", "R_eye")]
    [InlineData("LeftEye", "RightEye")]
    [InlineData("LEFT_EYE", "RIGHT_EYE")]
    public void Other_spellings_of_the_sides_give_the_same_weights_bit_by_bit(string left, string right)
    {
        using KeypointNetwork expected = Train(TinyFaces.Schema);
        using KeypointNetwork actual = Train(new KeypointSchema([left, right, "mouth"], TinyFaces.Side, TinyFaces.Side));

        Assert.True(Same(expected, actual));
    }

    [Fact]
    public void Stated_pairs_give_the_same_weights_as_named_ones()
    {
        using KeypointNetwork expected = Train(TinyFaces.Schema);
        var numbered = new KeypointSchema(
            ["1", "2", "3"], TinyFaces.Side, TinyFaces.Side, MirrorStatement.Parse("1:2", "--mirror").Apply(["1", "2", "3"]));

        using KeypointNetwork actual = Train(numbered);

        Assert.True(Same(expected, actual));
    }

    [Fact]
    public void Unpaired_names_train_without_mirroring_so_differently()
    {
        using KeypointNetwork mirrored = Train(TinyFaces.Schema);
        using KeypointNetwork plain = Train(new KeypointSchema(["1", "2", "3"], TinyFaces.Side, TinyFaces.Side));
        using KeypointNetwork stated = Train(TinyFaces.Schema.WithMirror(new MirrorPairs(MirrorPairs.User, [])));

        Assert.False(Same(mirrored, plain));
        Assert.True(Same(plain, stated));
        Assert.False(plain.AveragesFlips);
    }

    [Fact]
    public void A_keypoint_without_partner_trains_to_finite_weights()
    {
        using KeypointNetwork network = Train(new KeypointSchema(["eye_l", "eye_r", "scar_l"], TinyFaces.Side, TinyFaces.Side));

        Assert.True(network.parameters().All(parameter => parameter.isfinite().all().item<bool>()));
    }

    [Fact]
    public void A_checkpoint_of_a_version_that_paired_other_names_continues_with_the_pairs_of_this_one()
    {
        KeypointSchema unpaired = TinyFaces.Schema.WithMirror(MirrorPairs.None);
        using TrainingData before = Data(unpaired);
        using TrainingData now = Data(TinyFaces.Schema);
        using var first = new TrainingSession(Settings, before, validation: null);
        first.RunEpoch(CancellationToken.None);
        Checkpoint checkpoint = first.Save();

        using var second = new TrainingSession(Settings, now, validation: null);
        second.Restore(checkpoint);

        Assert.Equal([1L, 0, 2], second.Best.state_dict()[KeypointNetwork.MirrorMapName].data<long>().ToArray());
    }

    private static TrainingData Data(KeypointSchema schema)
    {
        (byte[] images, float[] keypoints) = TinyFaces.Draw(48, seed: 1);
        return TrainingData.Create(schema, images, keypoints, CPU);
    }

    private static KeypointNetwork Train(KeypointSchema schema)
    {
        using TrainingData data = Data(schema);
        using var session = new TrainingSession(Settings, data, validation: null);
        while (!session.IsDone)
            session.RunEpoch(CancellationToken.None);
        KeypointNetwork result = NetworkRegistry.Create(Settings.Network, schema);
        NetworkWeights.Copy(session.Best, result);
        return result;
    }

    private static bool Same(KeypointNetwork a, KeypointNetwork b) => a.state_dict()
        .Where(entry => entry.Key != KeypointNetwork.MirrorMapName)
        .All(entry => entry.Value.eq(b.state_dict()[entry.Key]).all().item<bool>());
}
