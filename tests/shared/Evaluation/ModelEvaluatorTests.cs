using System.Runtime.InteropServices;
using KeypointPipeline.Datasets;
using KeypointPipeline.Evaluation;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Serialization;
using KeypointPipeline.Splits;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Evaluation;

public sealed class ModelEvaluatorTests
{
    private const float Missing = float.NaN;
    private static readonly KeypointSchema Faces = new(["left_eye_center", "right_eye_center", "nose_tip", "chin"], 10, 8);

    [Fact]
    public void Errors_are_what_a_hand_computes()
    {
        using var folder = TestFolder.Create("evaluator");
        // Predictions are (8,2) (2,2) (5,5) (0,0) for every image.
        using PreparedDataset dataset = Write(
            folder.Path,
            Faces,
            [8, 2, 2, 2, 5, 8, Missing, Missing], // nose off by 3; eyes 6 apart
            [5, 6, 2, 2, Missing, Missing, Missing, Missing], // left eye off by (3, 4); eyes 5 apart
            [Missing, Missing, 2, 3, 5, 5, Missing, Missing]); // one eye only, off by 1
        using var model = KeypointModel.Open(TinyOnnxModel.Constant(Faces, 8, 2, 2, 2, 5, 5, 0, 0), "tiny");

        EvaluationResult result = ModelEvaluator.Evaluate(model, dataset, TestContext.Current.CancellationToken);

        Assert.Equal(3, result.Images);
        Assert.Equal(7, result.LabelledPoints);
        Assert.Equal(Math.Sqrt((9.0 + 25 + 1) / 14), result.Rmse!.Value, 1e-12);
        Assert.Equal((3.0 + 5 + 1) / 7, result.MeanPixelError!.Value, 1e-12);
        Assert.Equal(2, result.NmeImages);
        Assert.Equal(((3.0 / 3 / 6) + (5.0 / 2 / 5)) / 2, result.Nme!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(25.0 / 4), result.RmsePerKeypoint["left_eye_center"]!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(1.0 / 6), result.RmsePerKeypoint["right_eye_center"]!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(9.0 / 4), result.RmsePerKeypoint["nose_tip"]!.Value, 1e-12);
        Assert.Null(result.RmsePerKeypoint["chin"]);
    }

    [Fact]
    public void Rows_that_follow_another_labelling_rule_are_compared_under_it()
    {
        using var folder = TestFolder.Create("evaluator");
        using PreparedDataset dataset = Write(
            folder.Path,
            Faces,
            [8, 2, 2, 2, 5, 6, Missing, Missing], // three of four keypoints: nose off by 1
            [Missing, Missing, Missing, Missing, 5, 9, Missing, Missing]); // sparse: the nose is labelled 4 px lower, without error
        byte[] plain = TinyOnnxModel.Constant(Faces, 8, 2, 2, 2, 5, 5, 0, 0);
        using var model = KeypointModel.Open(TinyOnnxModel.WithSparseOffsets(plain, Faces, 0, 0, 0, 0, 0, 4, 0, 0), "two rules");
        using var averaging = KeypointModel.Open(plain, "no rule");

        EvaluationResult result = ModelEvaluator.Evaluate(model, dataset, TestContext.Current.CancellationToken);

        Assert.Equal(Math.Sqrt(1.0 / 8), result.Rmse!.Value, 1e-6);
        Assert.Equal(
            Math.Sqrt(17.0 / 8), ModelEvaluator.Evaluate(averaging, dataset, TestContext.Current.CancellationToken).Rmse!.Value, 1e-6);
    }

    [Fact]
    public void Keypoints_that_the_model_does_not_predict_are_not_compared()
    {
        using var folder = TestFolder.Create("evaluator");
        using PreparedDataset dataset = Write(folder.Path, Faces, [8, 2, 2, 2, 5, 6, 3, 3]);
        byte[] bytes = TinyOnnxModel.Constant(Faces, 8, 2, 2, 2, 5, 5, float.NaN, float.NaN);
        using var model = KeypointModel.Open(TinyOnnxModel.WithGaps(bytes, Faces, new LabelGaps(["chin"], [])), "no chin");

        EvaluationResult result = ModelEvaluator.Evaluate(model, dataset, TestContext.Current.CancellationToken);

        Assert.Equal(3, result.LabelledPoints);
        Assert.Equal(Math.Sqrt(1.0 / 6), result.Rmse!.Value, 1e-6);
        Assert.Null(result.RmsePerKeypoint["chin"]);
    }

    [Fact]
    public void Uncertainty_is_held_against_the_error_of_the_labelled_points()
    {
        using var folder = TestFolder.Create("evaluator");
        // The uncertainties are the grey value times 0.1, 0.1, 0.2 and 1: of the first image 1, 1, 2 and 10.
        using PreparedDataset dataset = WriteGrey(
            folder.Path,
            Faces,
            [10, 20, 5, 200],
            [8, 2, 2, 2, 5, 8, Missing, Missing], // error² 9, uncertainty² 1 + 1 + 4
            [5, 6, 2, 2, Missing, Missing, Missing, Missing], // error² 25, uncertainty² 4 + 4
            [Missing, Missing, 2, 3, 5, 5, Missing, Missing], // error² 1, uncertainty² 0.25 + 1
            [Missing, Missing, Missing, Missing, Missing, Missing, Missing, Missing]);
        using var model = KeypointModel.Open(
            TinyOnnxModel.Uncertain(Faces, [8, 2, 2, 2, 5, 5, 0, 0], [0.1f, 0.1f, 0.2f, 1]), "tiny");

        EvaluationResult result = ModelEvaluator.Evaluate(model, dataset, TestContext.Current.CancellationToken);

        Assert.Equal(Math.Sqrt(35.0 / 2 / 15.25), result.UncertaintyRatio!.Value, 1e-5);
        Assert.Equal(1, result.UncertaintyCorrelation!.Value, 1e-12);
        Assert.Contains("\"uncertaintyRatio\":1.07", PipelineJson.Write(result), StringComparison.Ordinal);
        Assert.Contains("\"uncertaintyCorrelation\":1", PipelineJson.Write(result), StringComparison.Ordinal);
    }

    [Fact]
    public void An_uncertainty_of_nothing_has_no_ratio()
    {
        using var folder = TestFolder.Create("evaluator");
        using PreparedDataset dataset = Write(folder.Path, Faces, [1, 1, 2, 2, 3, 3, 4, 4]);
        using var model = KeypointModel.Open(TinyOnnxModel.Uncertain(Faces, new float[8], new float[4]), "tiny");
        EvaluationResult result = ModelEvaluator.Evaluate(model, dataset, TestContext.Current.CancellationToken);
        Assert.Equal((null, null), (result.UncertaintyRatio, result.UncertaintyCorrelation));
    }

    [Fact]
    public void Only_chosen_rows_and_keypoints_are_compared_and_each_row_has_its_error()
    {
        using var folder = TestFolder.Create("evaluator");
        float[][] rows = [.. Enumerable.Range(0, 50).Select(n => new float[] { n, 0, 0, 0, 0, 0, 0, 0 })];
        using PreparedDataset dataset = Write(folder.Path, Faces, rows);
        using var model = KeypointModel.Open(TinyOnnxModel.Constant(Faces, new float[8]), "tiny");
        var errors = new List<RowError>();

        EvaluationResult result = ModelEvaluator.Evaluate(
            model,
            [dataset],
            [new PlannedRow(0, 0, Component: 7), new PlannedRow(0, 30, Component: 8)],
            compared: [true, true, true, false],
            errors,
            TestContext.Current.CancellationToken);

        Assert.Equal((2, 8L), (result.Images, result.LabelledPoints));
        Assert.Equal([new RowError(7, 0, 6), new RowError(8, 900, 6)], errors);
        Assert.Equal(Math.Sqrt(900.0 / 12), RowError.Rmse(errors)!.Value, 1e-9);
        Assert.Equal(Math.Sqrt(((0.0 * 0) + (30 * 30)) / 4), result.RmsePerKeypoint["left_eye_center"]!.Value, 1e-6);
    }

    [Fact]
    public void A_schema_without_eyes_has_no_nme_and_the_json_has_the_documented_names()
    {
        var schema = new KeypointSchema(["tail", "beak"], 9, 9);
        using var folder = TestFolder.Create("evaluator");
        using PreparedDataset dataset = Write(folder.Path, schema, [1, 1, Missing, Missing]);
        using var model = KeypointModel.Open(TinyOnnxModel.Constant(schema, 1, 2, 3, 4), "tiny");
        EvaluationResult result = ModelEvaluator.Evaluate(model, dataset, TestContext.Current.CancellationToken);
        Assert.Equal(
            """{"images":1,"labelledPoints":1,"rmse":0.7071067811865476,"meanPixelError":1,"nmeImages":0,"rmsePerKeypoint":{"tail":0.7071067811865476,"beak":null}}""",
            PipelineJson.Write(result));
    }

    [Fact]
    public void The_curve_of_errors_has_its_area_failures_and_correct_points()
    {
        using var folder = TestFolder.Create("evaluator");
        // The eyes are 50 apart, so 10 % are 5 pixels. Predictions are (50,0) (0,0) (5,5) (9,9).
        using PreparedDataset dataset = Write(
            folder.Path,
            Faces,
            [50, 0, 0, 0, 5, 5, 9, 9], // no error
            [50, 0, 0, 0, 5, 8, 9, 10], // 0, 0, 3 and 1 pixels: 2 %
            [50, 0, 0, 0, 5, 5, 9, 49], // one of four points 40 pixels off: 20 %
            [Missing, Missing, 0, 0, 5, 5, 9, 9]); // an eye is missing: does not count
        using var model = KeypointModel.Open(TinyOnnxModel.Constant(Faces, 50, 0, 0, 0, 5, 5, 9, 9), "tiny");

        EvaluationResult result = ModelEvaluator.Evaluate(model, dataset, TestContext.Current.CancellationToken);

        Assert.Equal((3, EyePairKind.EyeCenters), (result.NmeImages, result.NmeBy!.Value));
        Assert.Equal((0 + 0.02 + 0.2) / 3, result.Nme!.Value, 1e-6);
        Assert.Equal(1.0 / 3, result.FailureRate!.Value, 1e-9);
        Assert.Equal((1 + 0.8 + 0) / 3, result.AreaUnderCurve!.Value, 1e-6);
        Assert.Equal(11.0 / 12, result.CorrectPoints!.Value, 1e-9);
        Assert.Equal((null, null), (result.PictureRmse, result.PictureMeanError));
        Assert.Contains("\"nmeBy\":\"eyeCenters\"", PipelineJson.Write(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_eye_centres_the_outer_corners_divide_the_errors()
    {
        using var folder = TestFolder.Create("evaluator");
        var corners = new KeypointSchema(["left_eye_outer_corner", "right_eye_outer_corner"], 20, 8);
        using PreparedDataset dataset = Write(folder.Path, corners, [10, 0, 0, 0]);
        using var model = KeypointModel.Open(TinyOnnxModel.Constant(corners, 10, 1, 0, 1), "tiny");

        EvaluationResult result = ModelEvaluator.Evaluate(model, dataset, TestContext.Current.CancellationToken);

        Assert.Equal((0.1, EyePairKind.OuterEyeCorners), (Math.Round(result.Nme!.Value, 6), result.NmeBy!.Value));
    }

    [Fact]
    public void Each_row_has_its_own_figures()
    {
        using var folder = TestFolder.Create("evaluator");
        using PreparedDataset dataset = Write(
            folder.Path, Faces, [50, 0, 0, 0, 5, 8, Missing, Missing], [Missing, Missing, Missing, Missing, 5, 9, Missing, Missing], [.. Enumerable.Repeat(Missing, 8)]);
        using var model = KeypointModel.Open(TinyOnnxModel.Constant(Faces, 50, 0, 0, 0, 5, 5, 9, 9), "tiny");
        var instances = new List<InstanceError>();

        ModelEvaluator.Evaluate(model, dataset, TestContext.Current.CancellationToken, instances.Add);

        Assert.Equal([new InstanceError(0, 1, 3, 1, null, 0.02), new InstanceError(1, 2, 1, 4, null, null), new InstanceError(2, 3, 0, null, null, null)], instances);
    }

    [Fact]
    public void A_dataset_of_other_keypoints_is_refused()
    {
        using var folder = TestFolder.Create("evaluator");
        using PreparedDataset dataset = Write(folder.Path, new KeypointSchema(["tail"], 9, 9), [1, 1]);
        using var model = KeypointModel.Open(TinyOnnxModel.Constant(Faces, new float[8]), "tiny");

        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => ModelEvaluator.Evaluate(model, dataset, TestContext.Current.CancellationToken));

        Assert.Equal(
            "test has none of the keypoints of the model. It has tail; the model has left_eye_center, right_eye_center, nose_tip, chin. "
            + "Columns match by name, without regard to case, '_', '-', '.' and spaces.",
            error.Message);
    }

    [Fact]
    public void Columns_in_another_order_and_spelling_and_of_some_keypoints_only_match_by_name()
    {
        using var folder = TestFolder.Create("evaluator");
        var sorted = new KeypointSchema(["Chin", "Nose Tip", "RIGHT-EYE-CENTER"], 10, 8);
        using PreparedDataset dataset = Write(folder.Path, sorted, [0, 0, 5, 8, 2, 2], [1, 0, Missing, Missing, 2, 2]);
        using var model = KeypointModel.Open(TinyOnnxModel.Constant(Faces, 8, 2, 2, 2, 5, 5, 0, 0), "tiny");

        EvaluationResult result = ModelEvaluator.Evaluate(model, dataset, TestContext.Current.CancellationToken);

        Assert.Equal(5, result.LabelledPoints);
        Assert.Equal(Math.Sqrt((9.0 + 1) / 10), result.Rmse!.Value, 1e-12);
        Assert.Equal(0, result.RmsePerKeypoint["right_eye_center"]);
        Assert.Null(result.RmsePerKeypoint["left_eye_center"]);
        Assert.Equal("Keypoints that differ: test has no left_eye_center.", SchemaRows.FindDifference(dataset.Manifest, Faces, "the model"));
    }

    [Fact]
    public void Frames_of_another_size_are_resampled_to_the_models_with_their_labels()
    {
        using var folder = TestFolder.Create("evaluator");
        var large = new KeypointSchema(["nose_tip"], 20, 16);
        using PreparedDataset dataset = Write(folder.Path, large, [(2 * 5) + 0.5f, (2 * 6) + 0.5f]);
        using var model = KeypointModel.Open(TinyOnnxModel.Constant(Faces, 8, 2, 2, 2, 5, 5, 0, 0), "tiny");

        EvaluationResult result = ModelEvaluator.Evaluate(model, dataset, TestContext.Current.CancellationToken);

        // The centre of pixels 10 and 11 of 20 is pixel 5 of 10. The label lies one pixel of the model's frame lower.
        Assert.Equal(Math.Sqrt(1.0 / 2), result.Rmse!.Value, 1e-6);
    }

    [Fact]
    public void A_model_that_predicts_no_numbers_is_refused_with_row_and_keypoint_even_where_nothing_is_labelled()
    {
        using var folder = TestFolder.Create("evaluator");
        using PreparedDataset dataset = Write(folder.Path, Faces, [1, 1, 2, 2, 3, 3, Missing, Missing]);
        using var model = KeypointModel.Open(TinyOnnxModel.Constant(Faces, 1, 1, 2, 2, 3, 3, 4, float.PositiveInfinity), "tiny");

        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => ModelEvaluator.Evaluate(model, dataset, TestContext.Current.CancellationToken));

        Assert.Equal("The model predicts Infinity for keypoint 'chin' in row 1 of test; a number of pixels is expected.", error.Message);
    }

    private static PreparedDataset Write(string folder, KeypointSchema schema, params float[][] keypoints) =>
        WriteGrey(folder, schema, new byte[keypoints.Length], keypoints);

    private static PreparedDataset WriteGrey(string folder, KeypointSchema schema, byte[] greys, params float[][] keypoints)
    {
        uint[] rows = [.. Enumerable.Range(1, keypoints.Length).Select(n => (uint)n)];
        ulong[] keys = [.. Enumerable.Range(0, keypoints.Length).Select(n => 100UL + (ulong)n)];
        WriteFile(PreparedDatasetFiles.Images, [.. greys.SelectMany(grey => Enumerable.Repeat(grey, schema.FrameSize))]);
        WriteFile(PreparedDatasetFiles.Keypoints, MemoryMarshal.AsBytes(keypoints.SelectMany(k => k).ToArray().AsSpan()));
        WriteFile(PreparedDatasetFiles.Rows, MemoryMarshal.AsBytes(rows.AsSpan()));
        WriteFile(PreparedDatasetFiles.SplitKeys, MemoryMarshal.AsBytes(keys.AsSpan()));
        var manifest = new DatasetManifest("d", schema, keypoints.Length, new int[schema.Count], 0, "test", null, DateTimeOffset.UnixEpoch);
        File.WriteAllText(Path.Combine(folder, PreparedDatasetFiles.Manifest), PipelineJson.Write(manifest));
        return PreparedDataset.Open(folder);

        void WriteFile(string name, ReadOnlySpan<byte> bytes) => File.WriteAllBytes(Path.Combine(folder, name), bytes);
    }
}
