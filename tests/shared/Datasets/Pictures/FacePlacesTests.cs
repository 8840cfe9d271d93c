using System.Globalization;
using System.Text;
using KeypointPipeline.Datasets;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets.Pictures;

/// <summary>Labelled faces with one point and no box take the frame of the found face that contains the point.</summary>
public sealed class FacePlacesTests : IDisposable
{
    private const string NoseTip = "nose_tip";

    private static readonly string Header = $"image,{string.Join(',', DrawnFace.KeypointNames.Select(name => $"{name}_x,{name}_y"))}";

    private readonly TemporaryFolder _folder = TestFolder.Create("face-places");
    private int _prepared;

    [Fact]
    public async Task A_face_with_one_label_is_framed_as_if_all_points_were_labelled()
    {
        using DrawnGroup group = Group();
        string others = $"{Row(group.Faces[0])}\n{Row(group.Faces[1])}\n";

        PreparationOutcome complete = await PrepareAsync($"{Header}\n{others}{Row(group.Faces[2])}\n", group);
        PreparationOutcome sparse = await PrepareAsync($"{Header}\n{others}{Row(group.Faces[2], NoseTip)}\n", group);

        Assert.Equal(3, sparse.Report.RowsAccepted);
        (FrameTransform expected, FrameTransform actual) = (PlaceOf(complete), PlaceOf(sparse));
        Assert.InRange(actual.Scale / expected.Scale, 0.8, 1.25);
        (double x, double y) = actual.ToFrame(expected.ToImage(47.5, 47.5).X, expected.ToImage(47.5, 47.5).Y);
        Assert.InRange(x, 37, 58);
        Assert.InRange(y, 37, 58);
        Assert.Contains(
            "Instances with one labelled point and no box: 1 (first: row 3). Their frames are those of the found faces that contain the point.",
            sparse.Report.Guessed);
    }

    [Fact]
    public async Task A_label_outside_all_faces_has_no_frame()
    {
        using DrawnGroup group = Group();
        var astray = new DrawnTruth([.. group.Faces[2].Keypoints.Select(_ => new FacePoint(3, 3))]);

        PreparationOutcome outcome = await PrepareAsync($"{Header}\n{Row(group.Faces[0])}\n{Row(group.Faces[1])}\n{Row(astray, NoseTip)}\n", group);

        Assert.Equal((2, 1L), (outcome.Report.RowsAccepted, outcome.Report.RowsRejected));
        Assert.Equal("labels.csv row 3: no box, and fewer than two labelled points", outcome.Report.Problems[0].Message);
    }

    public void Dispose() => _folder.Dispose();

    private static DrawnGroup Group() => new DrawnGroup(1000, 500).With(21, 40, 60, 260).With(22, 380, 150, 220).With(23, 700, 100, 240);

    private static string Row(DrawnTruth face, string? only = null) => string.Join(',', ["group.png", .. face.Keypoints.Select((point, k) =>
        only is null || DrawnFace.KeypointNames[k] == only ? string.Create(CultureInfo.InvariantCulture, $"{point.X:0.##},{point.Y:0.##}") : ",")]);

    private FrameTransform PlaceOf(PreparationOutcome outcome)
    {
        using PreparedDataset dataset = PreparedDataset.Open(_folder.File(outcome.Manifest!.DatasetId));
        return dataset.Place(2)!.Value;
    }

    private async Task<PreparationOutcome> PrepareAsync(string labels, DrawnGroup group)
    {
        string set = _folder.File($"set {_prepared}");
        string prepared = _folder.File($"prepared {_prepared++}");
        Directory.CreateDirectory(set);
        await File.WriteAllTextAsync(Path.Combine(set, "labels.csv"), labels, Encoding.UTF8, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(set, "group.png"), group.Encode(), TestContext.Current.CancellationToken);
        PreparationOutcome outcome = await new DatasetPreparation(TimeProvider.System).PrepareLocalAsync(
            set, prepared, new DatasetOptions { MaximumBadShare = 0.5 }, progress: null, TestContext.Current.CancellationToken);
        if (outcome.Manifest is not null)
            Directory.Move(prepared, _folder.File(outcome.Manifest.DatasetId));
        return outcome;
    }
}
