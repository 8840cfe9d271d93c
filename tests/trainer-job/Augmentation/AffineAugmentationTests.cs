using FsCheck.Xunit;
using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Augmentation;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Augmentation;

public sealed class AffineAugmentationTests
{
    private const int Width = 64;
    private const int Height = 48;
    private static readonly int[] Mirror = [1, 0, 2];
    private static readonly float[] Points = [42, 17, 20, 19, 31, 33];

    [Property(MaxTest = 25)]
    public void Keypoints_stay_on_what_they_mark(int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator((ulong)seed);
        using var augmentation = new AffineAugmentation(Width, Height, Mirror, [], new AffineRange(25, 1.25, 0.08), CPU);

        // Each keypoint alone in an image of its own, so that the brightest spot is its spot.
        Tensor keypoints = tensor(Points).reshape(1, 3, 2).repeat(3, 1, 1);
        Tensor images = stack(Enumerable.Range(0, 3).Select(k => Spot(Points[2 * k], Points[(2 * k) + 1])));
        (Tensor moved, Tensor labels, _) = augmentation.Apply(images, keypoints, random);

        for (int k = 0; k < 3; k++)
        {
            // Which keypoint marks the spot now: the same, or its mirror partner.
            double[] distances = [.. Enumerable.Range(0, 3).Select(l => Distance(labels[k, l], CentreOfLight(moved[k])))];
            Assert.True(distances[k] < 0.2 || distances[Mirror[k]] < 0.2, $"spot {k} is {string.Join(", ", distances)} px from the keypoints");
        }
    }

    [Fact]
    public void A_flip_exchanges_left_and_right_and_a_second_one_takes_it_back()
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator(1);
        using var flip = new AffineAugmentation(Width, Height, Mirror, [], new AffineRange(RotationDegrees: 0, Scale: 1, Shift: 0, FlipShare: 1), CPU);
        Tensor images = rand(2, Height, Width, generator: random) * 255;
        Tensor keypoints = tensor(Points).reshape(1, 3, 2).repeat(2, 1, 1);

        (Tensor once, Tensor flipped, _) = flip.Apply(images, keypoints, random);
        (Tensor twice, Tensor back, _) = flip.Apply(once, flipped, random);

        Assert.Equal(Width - 1 - Points[2], flipped[0, 0, 0].item<float>(), tolerance: 1e-4f); // the right one became the left one
        Assert.True((once - images.flip(2)).abs().max().item<float>() < 0.01f);
        Assert.True((twice - images).abs().max().item<float>() < 0.02f);
        Assert.True((back - keypoints).abs().max().item<float>() < 1e-4f);
    }

    [Fact]
    public void A_keypoint_without_partner_is_missing_in_mirrored_images_only()
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator(1);
        using var flip = new AffineAugmentation(Width, Height, Mirror, [2], new AffineRange(RotationDegrees: 0, Scale: 1, Shift: 0), CPU);
        Tensor keypoints = tensor(Points).reshape(1, 3, 2).repeat(32, 1, 1);

        (_, Tensor labels, Tensor mirrored) = flip.Apply(zeros(32, Height, Width), keypoints, random);

        Assert.InRange(mirrored.sum().item<long>(), 1, 31);
        Assert.True(labels.select(1, 2).select(-1, 0).isnan().eq(mirrored).all().item<bool>());
        Assert.False(labels.narrow(1, 0, 2).isnan().any().item<bool>());
    }

    [Theory]
    [InlineData("eye_l,eye_r,nose", true)]
    [InlineData("eye_1,eye_2,nose", false)]
    public void Images_are_mirrored_only_if_mirror_pairs_are_known(string names, bool mirrors)
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator(1);
        using var augmenter = new Augmenter(new KeypointSchema(names.Split(','), Width, Height), CPU);
        Tensor keypoints = tensor(Points).reshape(1, 3, 2).repeat(64, 1, 1);

        AugmentedBatch batch = augmenter.Apply(zeros([64, Height, Width], ScalarType.Byte), keypoints, random);

        Assert.Equal(mirrors, batch.Mirrored.any().item<bool>());
    }

    [Fact]
    public void A_keypoint_that_leaves_the_frame_is_missing_and_a_missing_one_stays_missing()
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator(3);
        using var far = new AffineAugmentation(Width, Height, Mirror, [], new AffineRange(RotationDegrees: 0, Scale: 1, Shift: 0.5, FlipShare: 0), CPU);
        Tensor keypoints = tensor(new[] { 1f, 1f, float.NaN, float.NaN, Width - 2f, Height - 2f }).reshape(1, 3, 2).repeat(64, 1, 1);

        (_, Tensor moved, _) = far.Apply(zeros(64, Height, Width), keypoints, random);

        Tensor missing = moved.isnan();
        Assert.True(missing.select(1, 1).all().item<bool>());
        Assert.True(missing.select(1, 0).any().item<bool>());
        Tensor present = moved.nan_to_num(nan: 0);
        Assert.True((present >= -0.5).all().item<bool>());
        Assert.True((present.select(-1, 0) <= Width - 0.5).all().item<bool>());
        Assert.True((present.select(-1, 1) <= Height - 0.5).all().item<bool>());
        Assert.True(missing.select(-1, 0).eq(missing.select(-1, 1)).all().item<bool>());
    }

    [Fact]
    public void The_same_seed_gives_the_same_batch_and_another_seed_another()
    {
        using DisposeScope scope = NewDisposeScope();
        using var augmentation = new AffineAugmentation(Width, Height, Mirror, [], new AffineRange(), CPU);
        Tensor images = Spot(20, 20).unsqueeze(0);
        Tensor keypoints = tensor(Points).reshape(1, 3, 2);

        Tensor Moved(ulong seed)
        {
            using var random = new Generator(seed);
            return augmentation.Apply(images, keypoints, random).Images;
        }

        Assert.True(Moved(7).eq(Moved(7)).all().item<bool>());
        Assert.False(Moved(7).eq(Moved(8)).all().item<bool>());
    }

    private static Tensor Spot(double x, double y)
    {
        Tensor dx = (arange(Width, dtype: float32) - x).square();
        Tensor dy = (arange(Height, dtype: float32) - y).square().unsqueeze(1);
        return 255 * (-(dx + dy) / 8).exp();
    }

    private static (double X, double Y) CentreOfLight(Tensor image)
    {
        double sum = image.sum().item<float>();
        double x = (image.sum([0L]) * arange(Width, dtype: float32)).sum().item<float>() / sum;
        double y = (image.sum([1L]) * arange(Height, dtype: float32)).sum().item<float>() / sum;
        return (x, y);
    }

    private static double Distance(Tensor point, (double X, double Y) spot) =>
        Math.Sqrt(Math.Pow(point[0].item<float>() - spot.X, 2) + Math.Pow(point[1].item<float>() - spot.Y, 2));
}
