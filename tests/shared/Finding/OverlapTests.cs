using KeypointPipeline.Finding;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Finding;

public sealed class OverlapTests
{
    [Fact]
    public void Finds_of_one_face_in_a_window_become_their_mean_by_score_with_the_highest_score()
    {
        FaceCandidate[] seen = [Square(0.6, 10, 10, 20), Square(0.9, 15, 10, 20), Square(0.8, 80, 10, 20)];

        FaceCandidate[] joined = [.. Overlap.Join(seen)];

        Assert.Equal([0.9, 0.8], joined.Select(face => face.Score));
        Assert.Equal(((0.6 * 10) + (0.9 * 15)) / 1.5, joined[0].Numbers[0], tolerance: 1e-12);
        Assert.Equal(80, joined[1].Numbers[0], tolerance: 1e-12);
    }

    [Fact]
    public void Of_finds_that_overlap_or_lie_inside_each_other_the_most_certain_stays()
    {
        FaceCandidate large = Square(0.9, 50, 50, 40);
        FaceCandidate inside = Square(0.8, 55, 55, 10);
        FaceCandidate beside = Square(0.7, 52, 50, 40);
        FaceCandidate other = Square(0.6, 85, 50, 40);

        Assert.Equal([large, other], Overlap.Merge([inside, other, beside, large]));
    }

    [Fact]
    public void Overlap_is_the_intersection_by_the_union()
    {
        Assert.Equal(1, Overlap.OfUnion(Square(1, 5, 5, 4), Square(1, 5, 5, 4)), tolerance: 1e-12);
        Assert.Equal(8 / 24.0, Overlap.OfUnion(Square(1, 5, 5, 4), Square(1, 7, 5, 4)), tolerance: 1e-12);
        Assert.Equal(0, Overlap.OfUnion(Square(1, 5, 5, 4), Square(1, 50, 5, 4)));
    }

    private static FaceCandidate Square(double score, double x, double y, double side) =>
        new(score, [x, y, side, side, .. Enumerable.Repeat(x, 12)]);
}
