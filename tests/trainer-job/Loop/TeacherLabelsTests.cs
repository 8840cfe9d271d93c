using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Loop;

public sealed class TeacherLabelsTests : IDisposable
{
    private const int Rows = 70;

    private readonly TrainingData _data = TinyFaces.Create(Rows, seed: 1);
    private readonly KeypointNetwork _teacher = NetworkRegistry.Create("ml-resnet-small", TinyFaces.Schema);
    private readonly LabelOffsets _offsets;
    private readonly TeacherLabels _labels;

    public TeacherLabelsTests()
    {
        _teacher.Initialize(3);
        _teacher.eval();
        _offsets = new LabelOffsets(_data, _teacher);
        _labels = new TeacherLabels(_data, _offsets, ScalarType.Float32, EpochPlan.MostEvaluationRows);
    }

    [Fact]
    public void Before_the_teacher_is_asked_missing_labels_stay_missing()
    {
        using DisposeScope scope = NewDisposeScope();

        Tensor filled = _labels.FillIn(AllRows(), _data.Keypoints);

        Assert.Equal(_data.Keypoints.bytes.ToArray(), filled.bytes.ToArray());
    }

    [Fact]
    public void Missing_labels_become_what_the_teacher_finds_and_a_rows_own_stay()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();

        _labels.Refresh(_teacher, CancellationToken.None);

        Tensor filled = _labels.FillIn(AllRows(), _data.Keypoints);
        Tensor found = _teacher.Predict(_data.Images).narrow(2, 0, 2);
        Tensor expected = where(_data.Keypoints.isnan(), found, _data.Keypoints);
        Assert.Equal(0, (filled - expected).abs().max().item<float>(), tolerance: 1e-3f);
    }

    [Fact]
    public void Sparse_rows_get_labels_by_their_own_rule()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor keypoints = _data.Keypoints.clone();
        keypoints[0, 1..] = float.NaN;
        using TrainingData data = TrainingData.Create(TinyFaces.Schema, _data.Images.bytes.ToArray(), keypoints.data<float>().ToArray(), CPU);
        using var offsets = new LabelOffsets(data, _teacher);
        using var labels = new TeacherLabels(data, offsets, ScalarType.Float32, EpochPlan.MostEvaluationRows);
        Tensor row = tensor(new[] { 0L });
        labels.Refresh(_teacher, CancellationToken.None);
        Tensor before = labels.FillIn(row, keypoints.index_select(0, row));

        using (no_grad())
            _teacher.SparseOffset[2, 1] = 3f;
        labels.Refresh(_teacher, CancellationToken.None);

        Tensor moved = labels.FillIn(row, keypoints.index_select(0, row)) - before;
        Assert.Equal(3, moved[0, 2, 1].item<float>(), tolerance: 1e-3f);
        Assert.Equal(0, moved[0, 1, 1].item<float>(), tolerance: 1e-3f);
    }

    [Fact]
    public void In_a_mirrored_row_the_other_sides_keypoint_is_the_taught_one()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor keypoints = _data.Keypoints.clone();
        keypoints[1, 0] = float.NaN;
        using TrainingData data = TrainingData.Create(TinyFaces.Schema, _data.Images.bytes.ToArray(), keypoints.data<float>().ToArray(), CPU);
        using var labels = new TeacherLabels(data, _offsets, ScalarType.Float32, EpochPlan.MostEvaluationRows);
        Tensor rows = tensor(new[] { 1L, 1L });

        Tensor taught = labels.Taught(rows, tensor(new[] { false, true }));

        Assert.Equal([true, false, false, false, true, false], taught.data<bool>().ToArray());
    }

    [Fact]
    public void Saved_and_loaded_they_are_the_same()
    {
        using DisposeScope scope = NewDisposeScope();
        _labels.Refresh(_teacher, CancellationToken.None);
        using var other = new TeacherLabels(_data, _offsets, ScalarType.Float32, EpochPlan.MostEvaluationRows);

        other.Load(_labels.Save());

        Assert.Equal(
            _labels.FillIn(AllRows(), _data.Keypoints).bytes.ToArray(), other.FillIn(AllRows(), _data.Keypoints).bytes.ToArray());
    }

    public void Dispose()
    {
        _labels.Dispose();
        _offsets.Dispose();
        _teacher.Dispose();
        _data.Dispose();
    }

    private static Tensor AllRows() => arange(Rows, ScalarType.Int64);
}
