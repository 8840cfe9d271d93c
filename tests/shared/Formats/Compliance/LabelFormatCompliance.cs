using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>What every label format must do with the files of its tools.</summary>
public sealed class LabelFormatCompliance
{
    private const int Seeds = 12;

    public static TheoryData<string> Samples => LabelSamples.Names;

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task Only_its_own_format_recognises_a_label_file(string name)
    {
        LabelSample sample = LabelSamples.Find(name);

        await using SampleSet set = await SampleSet.OpenAsync(sample, SceneDraw.Everything(sample, seed: 0), TestContext.Current.CancellationToken);

        Assert.Equal([sample.Format.Name], set.Recognised.Select(labels => labels.Format.Name));
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task Labels_are_read_as_they_were_written(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        for (int seed = 0; seed < Seeds; seed++)
        {
            LabelScene scene = SceneDraw.Everything(sample, seed);
            SceneComparison.AssertSame(sample, scene, await ReadLabels.FromAsync(sample, scene));
        }
    }

    /// <summary>The centre of the leftmost pixels, of the last pixel, and a place between pixels. Not 0,0: some tools mark missing points
    /// so.</summary>
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task No_point_is_half_a_pixel_off(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        LabelScene drawn = SceneDraw.Complete(sample, pictures: 1);
        ScenePicture picture = drawn.Pictures[0] with { Width = 100, Height = 50 };
        ScenePoint[] points = [.. picture.Instances[0].Points];
        points[0] = new ScenePoint(0, 5, LabelState.Visible);
        points[1] = new ScenePoint(99, 49, LabelState.Visible);
        points[2] = new ScenePoint(sample.Step, 7 + sample.Step, LabelState.Visible);
        LabelScene scene = drawn with
        {
            Pictures = [picture with { Instances = [picture.Instances[0] with { Points = points, Box = new PictureBox(0, 0, 100, 50) }] }],
        };

        SceneComparison.AssertSame(sample, scene, await ReadLabels.FromAsync(sample, scene));
    }

    /// <summary>Scenes have the subject's left on the right of the picture.</summary>
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task Left_is_the_subjects_left(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        LabelScene scene = SceneDraw.Complete(sample, pictures: 1);

        ReadLabels read = await ReadLabels.FromAsync(sample, scene);

        LabelledPicture picture = Assert.Single(read.Pictures);
        float middle = picture.IsRelative ? 0.5f : scene.Pictures[0].Width / 2f;
        foreach ((string keypoint, int k) in read.Keypoints.Select((keypoint, k) => (keypoint, k)))
        {
            if (keypoint.Contains("left", StringComparison.OrdinalIgnoreCase))
                Assert.True(picture.Instances[0].Points[2 * k] > middle, keypoint);
            else if (keypoint.Contains("right", StringComparison.OrdinalIgnoreCase))
                Assert.True(picture.Instances[0].Points[2 * k] < middle, keypoint);
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task Mirror_pairs_are_those_of_the_names(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        LabelScene scene = SceneDraw.Complete(sample, pictures: 1);

        ReadLabels read = await ReadLabels.FromAsync(sample, scene);

        Assert.Equal(Pairs(MirrorPairs.FromNames(scene.Keypoints)), Pairs(read.Mirror));

        static IEnumerable<string> Pairs(MirrorPairs mirror) => mirror.Pairs
            .Select(pair => string.Join(':', new[] { pair.First, pair.Second }.Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task Labels_can_be_read_twice(string name)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        LabelSample sample = LabelSamples.Find(name);
        LabelScene scene = SceneDraw.Everything(sample, seed: 3);
        await using SampleSet set = await SampleSet.OpenAsync(sample, scene, cancel);
        await using LabelReader reader = await set.Recognised[0].Format.OpenAsync(set.Files, set.Recognised[0].Files, cancel);

        await foreach (LabelledPicture first in reader.ReadAsync(cancel))
            break;
        int once = await reader.ReadAsync(cancel).CountAsync(cancel);
        List<LabelledPicture> again = await reader.ReadAsync(cancel).ToListAsync(cancel);

        Assert.Equal(scene.Pictures.Count, once);
        SceneComparison.AssertSame(sample, scene, new ReadLabels(reader.Keypoints, MirrorPairs.None, again));
    }

    [Fact]
    public void Every_format_has_a_sample_and_its_variants_show_what_it_can_express()
    {
        foreach (ILabelFormat format in LabelFormats.All)
        {
            LabelFormatTraits[] shown = [.. LabelSamples.All.Where(sample => sample.Format.Name == format.Name).Select(sample => sample.Traits)];
            Assert.True(shown.Length > 0, $"{format.Name} has no sample in the compliance suite: add a class that derives from LabelSample.");
            Assert.Equal(
                format.Traits,
                new LabelFormatTraits(shown.Any(t => t.States), shown.Any(t => t.Boxes), shown.Any(t => t.SeveralInstances), shown.Any(t => t.Writes)));
        }
    }
}
