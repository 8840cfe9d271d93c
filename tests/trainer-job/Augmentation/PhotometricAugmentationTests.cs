using FsCheck.Xunit;
using KeypointPipeline.TrainerJob.Augmentation;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Augmentation;

public sealed class PhotometricAugmentationTests
{
    [Property(MaxTest = 20)]
    public void Grey_values_stay_between_0_and_255_and_are_changed(int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator((ulong)seed);
        Tensor images = rand(4, 20, 30, generator: random) * 255;
        Tensor before = images.clone();

        Tensor changed = PhotometricAugmentation.Apply(images, random);

        Assert.Equal([4, 20, 30], changed.shape);
        Assert.InRange(changed.min().item<float>(), 0, 255);
        Assert.InRange(changed.max().item<float>(), 0, 255);
        Assert.False(changed.eq(images).all().item<bool>());
        Assert.True(images.eq(before).all().item<bool>());
    }

    [Fact]
    public void A_black_and_a_white_image_stay_finite()
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator(1);

        Tensor changed = PhotometricAugmentation.Apply(stack([zeros(8, 8), full([8, 8], 255f)]), random);

        Assert.True(changed.isfinite().all().item<bool>());
    }

    [Fact]
    public void What_is_brightest_stays_brightest()
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator(2);
        Tensor image = full([1, 16, 16], 60f);
        image[0, 5, 9] = 220;

        Tensor changed = PhotometricAugmentation.Apply(image, random);

        Assert.Equal((5 * 16) + 9, changed.argmax().item<long>());
    }
}
