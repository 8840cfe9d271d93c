using KeypointPipeline.Bench.Accuracy.Pictures;
using KeypointPipeline.Datasets;
using KeypointPipeline.Models;

namespace KeypointPipeline.Bench.Accuracy.Reporting;

/// <summary>The report of a comparison, drawn from the runs that are finished.</summary>
/// <param name="folder">Where it goes.</param>
/// <param name="command">What repeats it.</param>
/// <param name="plan">Which runs it takes in.</param>
/// <param name="store">The runs.</param>
internal sealed class AccuracyReport(string folder, string command, RunPlan plan, RunStore store)
{
    private const int FacesShown = 20;

    /// <summary>The tables.</summary>
    public string TablesPath => Path.Combine(folder, "accuracy.md");

    /// <summary>The figures.</summary>
    public AccuracySummary Summarize() => AccuracySummary.Of(command, Runs());

    /// <summary>Writes <c>accuracy.md</c> and <c>accuracy.png</c>; nothing without runs.</summary>
    public void WriteFigures()
    {
        List<(AccuracyEntry Entry, IReadOnlyList<AccuracyRun> Runs)> present = [.. Runs().Where(entry => entry.Runs.Count > 0)];
        if (present.Count == 0)
            return;
        File.WriteAllText($"{TablesPath}.partial", AccuracyTables.Write(AccuracySummary.Of(command, present)));
        File.Move($"{TablesPath}.partial", TablesPath, overwrite: true);
        CurvePlot.Draw(
            Path.Combine(folder, "accuracy.png"),
            [
                .. Runs().Index().Where(entry => entry.Item.Runs.Count > 0).Select(entry => (
                    entry.Item.Entry.Name,
                    entry.Index,
                    (IReadOnlyList<IReadOnlyList<CurvePoint>>)[.. entry.Item.Runs.Select(run => run.Curve)])),
            ]);
    }

    /// <summary>Draws the validation images that the first seed's default model is worst at: <c>worst-faces.png</c>, and
    /// <c>worst-faces-points.png</c> without their pixels. Nothing while that model is not there.</summary>
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

    private List<(AccuracyEntry Entry, IReadOnlyList<AccuracyRun> Runs)> Runs() =>
        [.. AccuracyEntries.All.Select(entry => (entry, plan.Finished(entry, store)))];
}
