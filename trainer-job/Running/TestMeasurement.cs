using KeypointPipeline.Evaluation;
using KeypointPipeline.Models;
using KeypointPipeline.Splits;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>The test error of a finished model.</summary>
/// <param name="Rmse">RMSE over all labelled coordinates of the test rows, frame pixels; null if there are no test rows.</param>
/// <param name="Rows">Number of test rows.</param>
/// <param name="Components">Number of components of the test rows.</param>
internal sealed record TestMeasurement(double? Rmse, int Rows, int Components)
{
    /// <summary>Evaluates an exported model once on the test rows of its plan.</summary>
    /// <param name="model">The ONNX file.</param>
    /// <param name="data">The run's datasets and plan.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    public static TestMeasurement Take(byte[] model, RunData data, CancellationToken cancellationToken)
    {
        PlannedRow[] test = [.. data.Plan.RowsOn(RowSide.Test)];
        if (test.Length == 0)
            return new TestMeasurement(null, 0, 0);
        using KeypointModel opened = KeypointModel.Open(model, "the trained model");
        EvaluationResult result = ModelEvaluator.Evaluate(opened, data.Datasets, test, compared: null, errors: null, cancellationToken);
        return new TestMeasurement(result.Rmse, result.Images, test.Select(row => row.Component).Distinct().Count());
    }

    /// <summary>Adds the figures to a run's result.</summary>
    public TrainingResult AddTo(TrainingResult result) => result with { TestRmse = Rmse, TestRows = Rows, TestComponents = Components };
}
