using FsCheck;
using FsCheck.Fluent;
using KeypointPipeline.Evaluation.Photos;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Evaluation.Photos;

public sealed class InstanceMatchingTests
{
    /// <summary>Eyes, nose and mouth of a face with a radius of 1.</summary>
    private static readonly (double X, double Y)[] Face = [(-0.9, -0.7), (0.9, -0.7), (0, 0.2), (0, 1.2)];

    private static readonly Gen<double> Place = Gen.Choose(-1_000, 1_000).Select(number => number / 10.0);

    [Fact]
    public void Labelled_faces_are_matched_with_what_was_found_in_any_order_and_imprecisely()
    {
        var drawn = Gen.Zip(Gen.Choose(1, 8), Gen.Choose(0, int.MaxValue));
        Prop.ForAll(drawn.ToArbitrary(), pair =>
        {
            (int count, int seed) = pair;
            var random = new Random(seed);
            // Faces of 5 to 20 pixels, 60 pixels apart, so that none lies on another.
            float[][] labelled = [.. Enumerable.Range(0, count).Select(n => At(60 * n, 60 * (n % 3), 5 + (15 * random.NextDouble()), 360 * random.NextDouble()))];
            int[] order = [.. Enumerable.Range(0, count)];
            random.Shuffle(order);
            float[][] found = [.. order.Select(l => Noisy(labelled[l], random, 1.5))];

            int[] matches = InstanceMatching.Match(found, labelled);

            return matches.Select((f, l) => order[f] == l).All(same => same);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_find_and_no_face_is_matched_twice_and_each_pair_is_near_and_alike_in_size()
    {
        Gen<float[][]> some = Faces(smallest: 1);
        Prop.ForAll(Gen.Zip(some, some).ToArbitrary(), drawn =>
        {
            (float[][] found, float[][] labelled) = drawn;
            int[] matches = InstanceMatching.Match(found, labelled);
            int[] used = [.. matches.Where(f => f >= 0)];
            return used.Length == used.Distinct().Count() && matches.Index().Where(pair => pair.Item >= 0).All(pair =>
            {
                (PointCloud place, PointCloud truth) = PointCloud.OfCommon(found[pair.Item], labelled[pair.Index]);
                return place.DistanceTo(truth) <= truth.Radius * 1.001 && place.Radius / truth.Radius is > 0.499 and < 2.001;
            });
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Moving_turning_and_scaling_the_picture_changes_no_match()
    {
        Gen<float[][]> some = Faces(smallest: 5);
        var change = Gen.Zip(Gen.Zip(Place, Place), Gen.Choose(0, 359));
        Prop.ForAll(Gen.Zip(Gen.Zip(some, some), change).ToArbitrary(), drawn =>
        {
            ((float[][] found, float[][] labelled), ((double x, double y), int angle)) = drawn;
            int[] matches = InstanceMatching.Match(found, labelled);
            int[] changed = InstanceMatching.Match([.. found.Select(Change)], [.. labelled.Select(Change)]);
            return IsBorderline(found, labelled) || matches.SequenceEqual(changed);

            float[] Change(float[] points) => Turned(points, x, y, 3, angle);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0, 0, 20, 0)]
    [InlineData(19, 0, 20, 0)]
    [InlineData(0, 21, 20, -1)]
    [InlineData(0, 0, 11, 0)]
    [InlineData(0, 0, 9, -1)]
    [InlineData(0, 0, 39, 0)]
    [InlineData(0, 0, 41, -1)]
    public void A_find_is_a_face_if_it_lies_within_its_radius_and_is_half_to_twice_as_large(double x, double y, double radius, int match) =>
        Assert.Equal([match], InstanceMatching.Match([At(x, y, radius, 0)], [At(0, 0, 20, 0)]));

    [Fact]
    public void Of_two_finds_on_one_face_the_nearer_one_counts()
    {
        float[][] found = [At(6, 0, 20, 0), At(2, 0, 20, 0), At(500, 0, 20, 0)];

        Assert.Equal([1, -1], InstanceMatching.Match(found, [At(0, 0, 20, 0), At(900, 0, 20, 0)]));
    }

    [Fact]
    public void Points_that_are_not_labelled_say_nothing_and_one_point_is_not_enough()
    {
        float[] face = At(0, 0, 20, 0);
        float[] eyes = [.. face[..4], float.NaN, float.NaN, float.NaN, float.NaN];
        float[] nose = [float.NaN, float.NaN, float.NaN, float.NaN, face[4], face[5], float.NaN, float.NaN];

        Assert.Equal([0], InstanceMatching.Match([face], [eyes]));
        Assert.Equal([-1], InstanceMatching.Match([face], [nose]));
        Assert.Equal([-1], InstanceMatching.Match([[.. Enumerable.Repeat(float.NaN, 8)]], [face]));
        Assert.Equal((true, false), (InstanceMatching.CanMatch(eyes), InstanceMatching.CanMatch(nose)));
    }

    private static Gen<float[][]> Faces(int smallest) =>
        Gen.Zip(Gen.Zip(Place, Place), Gen.Choose(smallest, 60)).Select(face => At(face.Item1.Item1, face.Item1.Item2, face.Item2, face.Item2)).ArrayOf();

    private static float[] At(double x, double y, double radius, double degrees)
    {
        var shape = PointCloud.Of([.. Face.SelectMany(point => (float[])[(float)point.X, (float)point.Y])]);
        return Turned([.. Face.SelectMany(point => (float[])[(float)(point.X - shape.X), (float)(point.Y - shape.Y)])], x, y, radius / shape.Radius, degrees);
    }

    private static float[] Turned(float[] points, double x, double y, double scale, double degrees)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        float[] turned = new float[points.Length];
        for (int i = 0; i < points.Length; i += 2)
        {
            turned[i] = (float)(x + (scale * ((points[i] * cos) - (points[i + 1] * sin))));
            turned[i + 1] = (float)(y + (scale * ((points[i] * sin) + (points[i + 1] * cos))));
        }

        return turned;
    }

    private static float[] Noisy(float[] points, Random random, double most) => [.. points.Select(value => (float)(value + (most * ((2 * random.NextDouble()) - 1))))];

    /// <summary>Whether rounding may decide a pair: two distances are as good as equal, or one is at the limit.</summary>
    private static bool IsBorderline(float[][] found, float[][] labelled)
    {
        double[] distances =
        [
            .. found.SelectMany(f => labelled.Select(l => PointCloud.OfCommon(f, l))).Select(pair => pair.First.DistanceTo(pair.Second) / pair.Second.Radius)
                .Append(InstanceMatching.MostDistance).Order(),
        ];
        double[] ratios = [.. found.SelectMany(f => labelled.Select(l => PointCloud.OfCommon(f, l))).Select(pair => pair.First.Radius / pair.Second.Radius)];
        return distances.Zip(distances.Skip(1)).Any(pair => pair.Second - pair.First < 1e-4) || ratios.Any(ratio => Math.Abs(ratio - 2) < 1e-3 || Math.Abs(ratio - 0.5) < 1e-3);
    }
}
