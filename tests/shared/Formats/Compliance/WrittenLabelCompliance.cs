using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>What every format that is written must do.</summary>
public sealed class WrittenLabelCompliance
{
    private const int Seeds = 6;

    public static TheoryData<string> Samples => LabelSamples.Written;

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task Written_labels_are_read_as_they_were(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        for (int seed = 0; seed < Seeds; seed++)
        {
            LabelScene scene = SceneDraw.Everything(sample, seed);
            ReadLabels first = await ReadLabels.FromAsync(sample, scene);

            ReadLabels again = await ReadAsync(await WriteAsync(sample, scene, first), scene);

            SceneComparison.AssertSame(sample, scene, again);
            Assert.Equal(
                first.Pictures.SelectMany(picture => picture.Instances).SelectMany(States),
                again.Pictures.SelectMany(picture => picture.Instances).SelectMany(States));
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task Labels_that_are_read_and_written_again_give_the_same_files(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        LabelScene scene = SceneDraw.Everything(sample, seed: 9);
        MemoryOutput first = await WriteAsync(sample, scene, await ReadLabels.FromAsync(sample, scene));

        MemoryOutput again = await WriteAsync(sample, scene, await ReadAsync(first, scene));

        Assert.Equal(first.Files.Keys.Order(StringComparer.Ordinal), again.Files.Keys.Order(StringComparer.Ordinal));
        Assert.All(first.Files, file => Assert.Equal(file.Value, again.Files[file.Key]));
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task Nothing_is_in_place_before_the_last_picture(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        LabelScene scene = SceneDraw.Everything(sample, seed: 2);
        ReadLabels labels = await ReadLabels.FromAsync(sample, scene);
        var output = new MemoryOutput();

        await using (LabelWriter writer = sample.Format.StartWriting(output, labels.Keypoints, labels.Mirror)!)
        {
            foreach (LabelledPicture picture in labels.Pictures)
                await writer.AddAsync(InPixels(picture, scene), TestContext.Current.CancellationToken);
        }

        Assert.Empty(output.Files);
    }

    private static async Task<MemoryOutput> WriteAsync(LabelSample sample, LabelScene scene, ReadLabels labels)
    {
        var output = new MemoryOutput();
        await using LabelWriter writer = sample.Format.StartWriting(output, labels.Keypoints, labels.Mirror)!;
        foreach (LabelledPicture picture in labels.Pictures)
            await writer.AddAsync(InPixels(picture, scene), TestContext.Current.CancellationToken);
        await writer.CompleteAsync(TestContext.Current.CancellationToken);
        return output;
    }

    private static async Task<ReadLabels> ReadAsync(MemoryOutput output, LabelScene scene)
    {
        await using SampleSet set = await SampleSet.OpenAsync(
            [.. output.Files.Select(file => (file.Key, file.Value))],
            scene.Pictures.Select(picture => $"images/{picture.Name}"),
            TestContext.Current.CancellationToken);
        return await ReadLabels.FromAsync(set);
    }

    /// <summary>A picture as writers take it: in pixels, with its size, below <c>images/</c>.</summary>
    private static LabelledPicture InPixels(LabelledPicture picture, LabelScene scene)
    {
        string name = (picture.OtherPath ?? picture.Path).Split('/', '\\')[^1];
        ScenePicture drawn = scene.Pictures.Single(drawn => drawn.Name == name);
        return picture with
        {
            Path = $"images/{name}",
            OtherPath = null,
            StatedSize = (drawn.Width, drawn.Height),
            IsRelative = false,
            Instances = picture.IsRelative ? [.. picture.Instances.Select(instance => InPixels(instance, drawn))] : picture.Instances,
        };
    }

    private static LabelledInstance InPixels(LabelledInstance instance, ScenePicture picture) => instance with
    {
        Points = [.. instance.Points.Select((share, i) => i % 2 == 0 ? (share * picture.Width) - 0.5f : (share * picture.Height) - 0.5f)],
        Box = instance.Box is null ? null : instance.Box with
        {
            Left = instance.Box.Left * picture.Width,
            Top = instance.Box.Top * picture.Height,
            Width = instance.Box.Width * picture.Width,
            Height = instance.Box.Height * picture.Height,
        },
    };

    private static IEnumerable<LabelState> States(LabelledInstance instance) => instance.States
        ?? Enumerable.Range(0, instance.Points.Length / 2).Select(k => float.IsNaN(instance.Points[2 * k]) ? LabelState.Missing : LabelState.Labelled);
}
