using FsCheck.Xunit;
using KeypointPipeline.TrainerJob.Loop;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Loop;

public sealed class RowSamplerTests
{
    [Property(MaxTest = 30)]
    public void A_row_comes_up_as_often_as_its_share_says(int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator((ulong)seed);
        using var sampler = new RowSampler(Keypoints(5, 1, 2, 3, 4, 5, 0, 3, 3), labelExponent: 1);

        long[] drawn = sampler.Draw(random).data<long>().ToArray();

        double[] shares = sampler.Shares.data<double>().ToArray();
        Assert.Equal(1, shares.Sum(), tolerance: 1e-9);
        Assert.Equal(3.0 / 26, shares[3], tolerance: 1e-9);
        Assert.Equal(shares.Length, drawn.Length);
        for (int row = 0; row < shares.Length; row++)
        {
            double expected = shares[row] * shares.Length;
            Assert.InRange(drawn.Count(d => d == row), Math.Floor(expected), Math.Ceiling(expected));
        }
    }

    [Fact]
    public void Over_many_epochs_the_shares_come_out()
    {
        using DisposeScope scope = NewDisposeScope();
        using var sampler = new RowSampler(Keypoints(4, 1, 1, 1), labelExponent: 0.5);
        double[] counts = new double[4];
        for (ulong epoch = 0; epoch < 500; epoch++)
        {
            using var random = new Generator(epoch);
            foreach (long row in sampler.Draw(random).data<long>())
                counts[row] += 1.0 / 2000;
        }

        Assert.Equal([0.4, 0.2, 0.2, 0.2], counts.Select(count => Math.Round(count, 1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void Rows_with_as_many_labels_each_come_up_once_in_another_order_every_time(double exponent)
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator(7);
        using var sampler = new RowSampler(Keypoints([.. Enumerable.Repeat(2, 1000)]), exponent);

        long[] first = sampler.Draw(random).data<long>().ToArray();
        long[] second = sampler.Draw(random).data<long>().ToArray();

        Assert.Equal(Enumerable.Range(0, 1000).Select(row => (long)row), first.Order());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Rows_without_any_label_are_drawn_alike_where_there_are_no_others()
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator(7);
        using var sampler = new RowSampler(Keypoints(0, 0, 0), labelExponent: 1);

        Assert.Equal([0, 1, 2], sampler.Draw(random).data<long>().ToArray().Order());
    }

    /// <summary>Rows with so many labels each, of five keypoints.</summary>
    private static Tensor Keypoints(params int[] labels)
    {
        Tensor keypoints = full([labels.Length, 5, 2], float.NaN);
        for (int row = 0; row < labels.Length; row++)
        {
            if (labels[row] > 0)
                keypoints[row, ..labels[row]] = 1f;
        }

        return keypoints;
    }
}
