using KeypointPipeline.Formats;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Sources;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>Every format from its label files and pictures to a prepared dataset.</summary>
public sealed class PreparedLabelCompliance
{
    /// <summary>Frames store single-precision numbers.</summary>
    private const double Rounding = 0.002;

    public static TheoryData<string> Samples => LabelSamples.Names;

    public static TheoryData<string> WithSizes => [.. LabelSamples.All.Where(sample => sample.StatesSize).Select(sample => sample.Name)];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Instances_become_rows_and_their_points_stay_where_they_are_on_the_picture(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        LabelScene scene = SceneDraw.Everything(sample, seed: 4);

        using PreparedForTest prepared = await ScenePictures.PrepareAsync(sample, scene);

        Assert.True(prepared.Outcome.Accepted, prepared.Report.Rejection);
        Assert.Equal(scene.Keypoints, prepared.Dataset.Manifest.Schema.Names);
        AssertRows(sample, prepared, scene, factor: 1);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_folder_gives_the_dataset_of_the_zip(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        LabelScene scene = SceneDraw.Everything(sample, seed: 8, pictures: 3);
        using PreparedForTest zip = await ScenePictures.PrepareAsync(sample, scene);
        using TemporaryFolder folder = TestFolder.Create("scene");
        foreach ((string path, byte[] content) in ScenePictures.Write(sample, scene))
        {
            string file = Path.Combine([folder.File("set"), .. path.Split('/')]);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        }

        await using FolderFileSet set = FolderFileSet.Open(folder.File("set"));
        string? id = (await PreparedForTest.PrepareAsync(set, folder.File("prepared"), TestContext.Current.CancellationToken)).Report.DatasetId;

        Assert.NotNull(id);
        Assert.Equal(zip.Report.DatasetId, id);
    }

    /// <summary>Somebody shrank the pictures for labelling, or enlarged them afterwards.</summary>
    [Theory]
    [MemberData(nameof(WithSizes))]
    public async Task Labels_of_a_picture_of_another_size_and_the_same_shape_are_scaled_and_the_report_says_so(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        LabelScene scene = SceneDraw.Everything(sample, seed: 4);

        using PreparedForTest prepared = await ScenePictures.PrepareAsync(
            sample, scene, picture => ScenePictures.Draw(picture, 2 * picture.Width, 2 * picture.Height));

        Assert.True(prepared.Outcome.Accepted, prepared.Report.Rejection);
        AssertRows(sample, prepared, scene, factor: 2);
        Assert.NotEmpty(prepared.Report.Guessed);
    }

    [Theory]
    [MemberData(nameof(WithSizes))]
    public async Task A_picture_of_another_shape_is_a_bad_row_with_both_sizes(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        LabelScene scene = SceneDraw.Complete(sample, pictures: 4);
        ScenePicture wrong = scene.Pictures[1];

        using PreparedForTest prepared = await ScenePictures.PrepareAsync(
            sample, scene, picture => ScenePictures.Draw(picture, picture == wrong ? 90 : picture.Width, picture.Height));

        RowProblem problem = prepared.OnlyProblem;
        Assert.Equal(RowProblemKind.PictureSize, problem.Kind);
        Assert.Contains($"{wrong.Width}×{wrong.Height}", problem.Message, StringComparison.Ordinal);
        Assert.Contains($"90×{wrong.Height}", problem.Message, StringComparison.Ordinal);
        Assert.Equal(3, prepared.Report.RowsAccepted);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_broken_picture_is_a_bad_row_and_the_others_are_used(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        LabelScene scene = SceneDraw.Complete(sample, pictures: 4);

        using PreparedForTest prepared = await ScenePictures.PrepareAsync(
            sample, scene, picture => picture == scene.Pictures[2] ? ScenePictures.Draw(picture)[..60] : ScenePictures.Draw(picture));

        // CelebA's text file names the picture with another ending.
        Assert.Equal(RowProblemKind.PictureUnreadable, prepared.OnlyProblem.Kind);
        Assert.Contains(Path.GetFileNameWithoutExtension(scene.Pictures[2].Name), prepared.OnlyProblem.Message, StringComparison.Ordinal);
        Assert.Equal(3, prepared.Report.RowsAccepted);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_missing_picture_is_a_bad_row_and_the_others_are_used(string name)
    {
        LabelSample sample = LabelSamples.Find(name);
        LabelScene scene = SceneDraw.Complete(sample, pictures: 4);

        using PreparedForTest prepared = await ScenePictures.PrepareAsync(
            sample, scene, picture => picture == scene.Pictures[1] ? null : ScenePictures.Draw(picture));

        Assert.Equal(3, prepared.Report.RowsAccepted);
        if (!sample.NamesPictures)
            return;
        Assert.Equal(RowProblemKind.PictureMissing, prepared.OnlyProblem.Kind);
        Assert.Contains(Path.GetFileNameWithoutExtension(scene.Pictures[1].Name), prepared.OnlyProblem.Message, StringComparison.Ordinal);
    }

    private static void AssertRows(LabelSample sample, PreparedForTest prepared, LabelScene scene, int factor)
    {
        SceneInstance[] instances = [.. scene.Pictures.SelectMany(picture => picture.Instances)];
        Assert.Equal(instances.Length, prepared.Dataset.Rows);
        for (int row = 0; row < instances.Length; row++)
        {
            FrameTransform place = Assert.NotNull(prepared.Dataset.Place(row));
            ReadOnlySpan<float> points = prepared.Dataset.Keypoints(row);
            for (int k = 0; k < scene.Keypoints.Count; k++)
            {
                ScenePoint expected = instances[row].Points[k];
                (double x, double y) = place.ToImage(points[2 * k], points[(2 * k) + 1]);
                (double trueX, double trueY) = (((expected.X + 0.5) * factor) - 0.5, ((expected.Y + 0.5) * factor) - 0.5);
                double tolerance = (factor * sample.Tolerance) + Rounding;
                bool isSame = expected.IsPlaced
                    ? Math.Abs(x - trueX) <= tolerance && Math.Abs(y - trueY) <= tolerance
                    : double.IsNaN(x) && double.IsNaN(y);
                Assert.True(isSame, $"row {row}, {scene.Keypoints[k]}: ({x}, {y}), expected ({trueX}, {trueY})");
                LabelState state = prepared.Dataset.States(row)[k];
                Assert.True(state == sample.StateAsRead(expected.State), $"row {row}, {scene.Keypoints[k]}: {state}");
            }
        }
    }
}
