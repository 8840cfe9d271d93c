using KeypointPipeline.Datasets;
using KeypointPipeline.Evaluation;
using KeypointPipeline.Files;
using KeypointPipeline.Models;
using KeypointPipeline.Plots;

namespace KeypointPipeline.Bench.Accuracy.Reporting;

/// <summary>Writes the report of a comparison from its finished runs.</summary>
/// <param name="folder">The folder to write to.</param>
/// <param name="command">The command that repeats the comparison.</param>
/// <param name="plan">The runs to report on.</param>
/// <param name="store">The runs.</param>
internal sealed class AccuracyReport(string folder, string command, RunPlan plan, RunStore store)
{
    private const int FacesShown = 20;

    private readonly List<TestSummary> _test = [];

    /// <summary>Path of the tables.</summary>
    public string TablesPath => Path.Combine(folder, "accuracy.md");

    /// <summary>Calculates the figures.</summary>
    public AccuracySummary Summarize() => AccuracySummary.Of(command, Runs(), _test);

    /// <summary>Writes <c>accuracy.md</c> and <c>accuracy.png</c>. Writes nothing without runs.</summary>
    public void WriteFigures()
    {
        List<(AccuracyEntry Entry, IReadOnlyList<AccuracyRun> Runs)> present = [.. Runs().Where(entry => entry.Runs.Count > 0)];
        if (present.Count == 0)
            return;
        WholeFile.Write(TablesPath, AccuracyTables.Write(AccuracySummary.Of(command, present, _test)));
        if (!present.Exists(entry => entry.Entry.IsCompared))
            return;
        WholeFile.Write(Path.Combine(folder, "accuracy.png"), new ErrorsBySeconds(
        [
            .. Runs().Index().Where(entry => entry.Item.Entry.IsCompared && entry.Item.Runs.Count > 0).Select(entry => new TimedTrainings(
                entry.Item.Entry.Name,
                entry.Index,
                [.. CurveMean.Of([.. entry.Item.Runs.Select(run => run.Curve)]).Select(point => new TimedError(point.Seconds, point.Rmse))],
                [.. entry.Item.Runs.Select(run => (IReadOnlyList<TimedError>)[.. run.Curve.Select(point => new TimedError(point.Seconds, point.Rmse))])])),
        ]).ToPng(PlotTheme.Light));
    }

    /// <summary>Draws the validation images with the largest errors of the first seed's default model: <c>worst-faces.png</c>, and
    /// <c>worst-faces-points.png</c> without their pixels. Draws nothing without that model.</summary>
    public void WriteWorstFaces(PreparedDataset validation)
    {
        AccuracyEntry entry = AccuracyEntries.Choose([AccuracyEntries.Default])[0];
        if (plan.Finished(entry, store) is not [AccuracyRun run, ..])
            return;
        using KeypointModel model = KeypointModel.Open(store.ModelPath(entry.Name, run.Settings.Seed));
        IReadOnlyList<PredictedFace> faces = WorstFaces.Find(model, validation, FacesShown);
        FaceSheet.Draw(Path.Combine(folder, "worst-faces.png"), model.Schema, faces, withPixels: true);
        FaceSheet.Draw(Path.Combine(folder, "worst-faces-points.png"), model.Schema, faces, withPixels: false);
    }

    /// <summary>Measures the exported models of all finished runs on people whom nothing was chosen by.</summary>
    /// <param name="test">The test people's rows.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public void MeasureTest(PreparedDataset test, CancellationToken cancellationToken)
    {
        _test.Clear();
        foreach ((AccuracyEntry entry, IReadOnlyList<AccuracyRun> runs) in Runs().Where(entry => entry.Runs.Count > 0))
            _test.Add(TestSummary.Of(entry.Name, [.. runs.Select(run => Evaluate(entry.Name, run.Settings.Seed))]));

        EvaluationResult Evaluate(string entry, int seed)
        {
            using KeypointModel model = KeypointModel.Open(store.ModelPath(entry, seed));
            return ModelEvaluator.Evaluate(model, test, cancellationToken);
        }
    }

    private List<(AccuracyEntry Entry, IReadOnlyList<AccuracyRun> Runs)> Runs() =>
        [.. AccuracyEntries.All.Select(entry => (entry, plan.Finished(entry, store)))];
}
