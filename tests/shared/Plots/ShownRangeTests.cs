using FsCheck;
using FsCheck.Xunit;
using KeypointPipeline.Plots;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Plots;

public sealed class ShownRangeTests
{
    [Fact]
    public void The_first_epochs_do_not_flatten_the_rest()
    {
        var range = ShownRange.Of([40, 20, 10, 5, 4, 3.5, 3.2, 3.1, 3, 3]);

        Assert.True(range.CutsOff);
        Assert.InRange(range.High, 5, 11);
        Assert.InRange(range.Low, 2, 3);
    }

    [Fact]
    public void Values_of_one_size_are_all_shown()
    {
        var range = ShownRange.Of([3, 2.9, 2.8, 2.7, 2.6]);

        Assert.False(range.CutsOff);
        Assert.True(range.Low < 2.6 && range.High > 3);
    }

    [Property(MaxTest = 300)]
    public void The_lowest_value_and_four_of_five_others_are_inside_and_the_cut_is_known(NonEmptyArray<NormalFloat> drawn)
    {
        double[] values = [.. drawn.Get.Select(value => Math.Clamp(Math.Abs(value.Get), 0, 1e12))];

        var range = ShownRange.Of(values);

        Assert.True(range.Low < range.High);
        Assert.True(range.Low < values.Min());
        Assert.True(values.Count(value => value <= range.High) > (int)(0.8 * (values.Length - 1)));
        Assert.Equal(values.Any(value => value > range.High), range.CutsOff);
    }
}
