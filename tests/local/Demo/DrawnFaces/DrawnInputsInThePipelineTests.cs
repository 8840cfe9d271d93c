using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Images;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Demo.DrawnFaces;

/// <summary>The pipeline's own readers take what is drawn as they take what people drop.</summary>
public sealed class DrawnInputsInThePipelineTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestFolder.Create("drawn-inputs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_dataset_is_accepted_and_its_two_bad_rows_are_reported()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        string zip = _folder.File("training.zip");
        DrawnFaceDatasetSummary written = await DrawnFaceDataset.WriteAsync(
            zip, new DrawnFaceDatasetOptions(60, 1, WithBadRows: true), null, cancellationToken);

        PreparationOutcome outcome = await new DatasetPreparation(TimeProvider.System).PrepareAsync(
            DatasetSource.FromFile(zip), new PreparedFolder(_folder.File("prepared")), new DatasetOptions(), null, cancellationToken);

        Assert.True(outcome.Accepted, outcome.Report.Rejection);
        Assert.Equal(DrawnFace.KeypointNames, outcome.Manifest!.Schema.Names);
        Assert.Equal((60, written.Complete), (outcome.Report.RowsAccepted, outcome.Report.CompleteRows));
        Assert.Equal(
            [RowProblemKind.PixelCount, RowProblemKind.NotANumber], outcome.Report.Problems.Select(problem => problem.Kind));
        Assert.Equal("nose_tip_x", outcome.Report.Problems[1].Column);
    }

    [Fact]
    public async Task The_images_decode_upright_and_only_the_broken_one_is_rejected()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        IReadOnlyList<DrawnFaceImage> images = await DrawnFaceImages.WriteAsync(
            _folder.Path, new DrawnFaceImagesOptions(30, 1, WithBrokenFile: true), cancellationToken);

        var decoder = new ImageDecoder();
        foreach (DrawnFaceImage image in images)
        {
            byte[] file = await File.ReadAllBytesAsync(_folder.File(image.FileName), cancellationToken);
            DecodedImage decoded = decoder.Decode(file, DrawnFaceDataset.Side, DrawnFaceDataset.Side);
            Assert.Equal((image.Width, image.Height), (decoded.Width, decoded.Height));
        }

        byte[] broken = await File.ReadAllBytesAsync(_folder.File(DrawnFaceImages.BrokenFileName), cancellationToken);
        Assert.Throws<ImageRejectedException>(() => decoder.Decode(broken, DrawnFaceDataset.Side, DrawnFaceDataset.Side));
    }
}
