using KeypointPipeline.Datasets;
using KeypointPipeline.Files;
using KeypointPipeline.Kaggle;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Kaggle;

/// <summary>On files of the competition's own shape: 15 keypoints, 96×96, two ways of labelling.</summary>
public sealed class KaggleFilesTests
{
    private const int Rows = 9;
    private const int Complete = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_training_file_is_prepared_as_downloaded()
    {
        using TemporaryFolder folder = TestFolder.Create("kaggle");
        KaggleFiles files = KaggleFiles.Draw(folder, Rows);

        PreparationOutcome outcome = await PreparedForTest.PrepareAsync(
            DatasetSource.FromFile(files.Training), folder.File("prepared"), cancellationToken: Cancel);

        Assert.True(outcome.Accepted, outcome.Report.Rejection);
        Assert.Empty(outcome.Report.Problems);
        Assert.Empty(outcome.Report.Warnings);
        Assert.Equal(new KeypointSchema(DrawnInputs.KeypointNames, 96, 96), outcome.Manifest.Schema);
        Assert.Equal(Rows, outcome.Report.RowsAccepted);
        Assert.Equal(Complete, outcome.Report.CompleteRows);
        Assert.Equal(["left_eye_center", "right_eye_center", "nose_tip", "mouth_center_bottom_lip"],
            outcome.Report.Labels.Where(l => l.Labels == Rows).Select(l => l.Keypoint));
    }

    [Fact]
    public async Task A_submission_answers_every_row_and_moves_only_the_sparse_images()
    {
        using TemporaryFolder folder = TestFolder.Create("kaggle");
        KaggleFiles files = KaggleFiles.Draw(folder, Rows);
        var schema = new KeypointSchema(DrawnInputs.KeypointNames, 96, 96);
        float[] points = [.. Enumerable.Range(0, 30).Select(i => 3f * i)];
        float[] offsets = new float[30];
        offsets[(2 * schema.Names.ToList().IndexOf("nose_tip")) + 1] = 5;
        using var model = KeypointModel.Open(
            TinyOnnxModel.WithSparseOffsets(TinyOnnxModel.Constant(schema, points), schema, offsets), "tiny");

        KaggleSubmissionSummary summary = await KaggleSubmission.WriteAsync(
            model, DatasetSource.FromFile(files.Test), DatasetSource.FromFile(files.Lookup), folder.File("submission.csv"), progress: null, Cancel);

        Assert.Equal(new KaggleSubmissionSummary(Rows, Rows - Complete, (30 * Complete) + (8 * (Rows - Complete)), 0), summary);
        string[] asked = await File.ReadAllLinesAsync(files.Lookup, Cancel);
        string[] submitted = await File.ReadAllLinesAsync(folder.File("submission.csv"), Cancel);
        Assert.Equal(asked.Length, submitted.Length);
        foreach ((string question, string answer) in asked.Zip(submitted).Skip(1))
        {
            string[] row = question.Split(',');
            int coordinate = (2 * schema.Names.ToList().IndexOf(row[2][..^2])) + (row[2].EndsWith('y') ? 1 : 0);
            bool moved = row[2] == "nose_tip_y" && int.Parse(row[1]) > Complete;
            Assert.Equal($"{row[0]},{(3 * coordinate) + (moved ? 5 : 0)}", answer);
        }
    }
}
