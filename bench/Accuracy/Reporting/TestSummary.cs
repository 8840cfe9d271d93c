using KeypointPipeline.Evaluation;

namespace KeypointPipeline.Bench.Accuracy.Reporting;

/// <summary>The errors of an entry's exported models on the test people, over its seeds.</summary>
/// <param name="Entry">Its name.</param>
/// <param name="Images">Number of test rows.</param>
/// <param name="Seeds">Number of models.</param>
/// <param name="Rmse">Error, frame pixels.</param>
/// <param name="Nme">Error as a share of the distance between the eyes; null if the schema has no eye centres.</param>
internal sealed record TestSummary(string Entry, int Images, int Seeds, Spread Rmse, Spread? Nme)
{
    /// <summary>Summarizes the models of an entry.</summary>
    /// <param name="entry">Its name.</param>
    /// <param name="results">One for each model, on the same rows: at least one.</param>
    public static TestSummary Of(string entry, IReadOnlyList<EvaluationResult> results) => new(
        entry,
        results[0].Images,
        results.Count,
        Spread.Of(results.Select(result => result.Rmse ?? double.NaN)),
        results.All(result => result.Nme is not null) ? Spread.Of(results.Select(result => result.Nme!.Value)) : null);
}
