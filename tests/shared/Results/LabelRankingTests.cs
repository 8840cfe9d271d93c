using FsCheck;
using FsCheck.Fluent;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Results;

public sealed class LabelRankingTests
{
    private static readonly KeypointSchema Schema = new(["nose"], 16, 16);

    [Fact]
    public void The_ten_thousand_least_certain_of_any_number_are_kept_in_order()
    {
        var random = new Random(1);
        ImageResult[] images = [.. Enumerable.Range(0, 25_000).Select(n => Image(n, random.Next(4_000)))];

        LabelRanking ranking = Rank(images);

        Assert.Equal(25_000, ranking.Images);
        Assert.Equal(
            images.OrderByDescending(image => image.Uncertainty![0]).Take(LabelRanking.MaximumImages).Select(image => image.Image),
            ranking.LeastCertainFirst().Select(image => image.Image));
    }

    [Fact]
    public void A_batch_in_parts_has_the_ranking_of_the_whole_batch()
    {
        // Many equal images, and more than are kept in the largest part.
        Gen<int[]> sizes = Gen.Choose(0, 14_000).ArrayOf(3);
        Prop.ForAll(Gen.Zip(sizes, Gen.Choose(1, 50)).ToArbitrary(), drawn =>
        {
            (int[] parts, int levels) = drawn;
            int number = 0;
            ImageResult[][] images = [.. parts.Select(size => Enumerable.Range(0, size).Select(_ => Image(number++, (number * 7919) % levels) with
            {
                IsDoubtful = number % 11 == 0,
                LacksPlace = number % 13 == 0,
            }).ToArray())];

            LabelRanking whole = Rank(images.SelectMany(part => part));
            var merged = new LabelRanking(Schema);
            foreach (LabelRanking part in images.Select(Rank))
                merged.Add(part.LeastCertainFirst(), part.Images);

            return merged.Images == whole.Images && merged.LeastCertainFirst().SequenceEqual(whole.LeastCertainFirst());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    private static ImageResult Image(int number, int uncertainty) => new($"{number}.png", 16, 16, [1, 2], null, [uncertainty]);

    private static LabelRanking Rank(IEnumerable<ImageResult> images)
    {
        var ranking = new LabelRanking(Schema);
        foreach (ImageResult image in images)
            ranking.Add(image);
        return ranking;
    }
}
