using KeypointPipeline.Fuzz.Tests.Mutations;
using Xunit;

namespace KeypointPipeline.Fuzz.Tests.Images;

/// <summary>A small fixed part of <c>./keypoints test fuzz</c>, with the same checks.</summary>
public sealed class ImageFuzzTests
{
    private const int Seed = 20261124;
    private const int InputsOfEveryWay = 8;
    private const int Mixed = 300;

    public static TheoryData<string, string> Ways => [.. ImageInputs.Ways.Select(way => (way.Format, way.Way.Name))];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_file_damaged_in_one_way_is_read_or_refused_with_a_reason_and_nothing_worse(string format, string way)
    {
        Mutation mutation = ImageInputs.Ways.First(known => known.Format == format && known.Way.Name == way).Way;

        await FuzzedInputs.AssertNothingBreaksAsync(
            new ImageTarget(), InputsOfEveryWay, number => ImageInputs.Create(format, mutation, Draw.For(Seed, number)));
    }

    [Fact]
    public async Task Files_damaged_in_several_ways_are_read_or_refused_with_a_reason_and_nothing_worse()
    {
        using var target = new ImageTarget();

        FuzzTally tally = await FuzzedInputs.AssertNothingBreaksAsync(target, Mixed, number => target.Create(Seed, number));

        Assert.InRange(tally.Accepted, Mixed / 10, Mixed * 3 / 4);
        Assert.InRange(tally.Reasons.Count, 10, 100);
    }

    [Fact]
    public void Undamaged_seeds_of_every_format_are_read()
    {
        using var target = new ImageTarget();
        byte[][] still = [.. ImageSeeds.Jpegs, .. ImageSeeds.Pngs, .. ImageSeeds.WebPs.SkipLast(1), .. ImageSeeds.Bmps, .. ImageSeeds.Netpbms];

        Assert.All(still, file => Assert.True(Feed(target, file).IsAccepted));
        Assert.Contains("animation of 2 frames", Feed(target, ImageSeeds.WebPs[^1]).Reason, StringComparison.Ordinal);
        Assert.All(ImageSeeds.Foreign, file => Assert.False(Feed(target, file).IsAccepted));
    }

    private static FuzzVerdict Feed(ImageTarget target, byte[] file)
    {
        Task<FuzzVerdict> fed = target.FeedAsync(new FuzzInput("seed", file, ""), inPieces: false, CancellationToken.None);
        Assert.True(fed.IsCompletedSuccessfully);
        Assert.Null(fed.Result.Fault);
        return fed.Result;
    }
}
