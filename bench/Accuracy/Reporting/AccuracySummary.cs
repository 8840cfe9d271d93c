namespace KeypointPipeline.Bench.Accuracy.Reporting;

/// <summary>The figures of a comparison, which may be unfinished.</summary>
/// <param name="Command">The command that repeats it.</param>
/// <param name="Machines">The machines it ran on: usually one.</param>
/// <param name="Computing">Torch's device and the type that its convolutions computed in.</param>
/// <param name="Code">Versions of the trainer: usually one.</param>
/// <param name="LastRunAt">When the last run ended, UTC; null without runs.</param>
/// <param name="PioneersBest">The lowest error on the pioneer's curves, mean over seeds, frame pixels; null without a pioneer.</param>
/// <param name="Entries">The entries with runs.</param>
internal sealed record AccuracySummary(
    string Command,
    IReadOnlyList<string> Machines,
    IReadOnlyList<string> Computing,
    IReadOnlyList<string> Code,
    DateTimeOffset? LastRunAt,
    double? PioneersBest,
    IReadOnlyList<EntrySummary> Entries)
{
    /// <summary>Calculates the figures from runs.</summary>
    /// <param name="command">The command that repeats the comparison.</param>
    /// <param name="entries">Entries in order, each with its finished runs.</param>
    public static AccuracySummary Of(string command, IReadOnlyList<(AccuracyEntry Entry, IReadOnlyList<AccuracyRun> Runs)> entries)
    {
        List<(AccuracyEntry Entry, IReadOnlyList<AccuracyRun> Runs)> present = [.. entries.Where(entry => entry.Runs.Count > 0)];
        List<AccuracyRun> all = [.. present.SelectMany(entry => entry.Runs)];
        IReadOnlyList<AccuracyRun> pioneer = [.. all.Where(run => run.Entry == AccuracyEntries.Pioneer)];
        return new AccuracySummary(
            command,
            [.. all.Select(run => run.Machine).Distinct(StringComparer.Ordinal)],
            [.. all.Select(run => $"{run.Settings.Device} in {run.Settings.Precision}").Distinct(StringComparer.Ordinal)],
            [.. all.Select(run => run.Code).Distinct(StringComparer.Ordinal)],
            all.Count == 0 ? null : all.Max(run => run.EndedAt),
            pioneer.Count == 0 ? null : pioneer.Average(run => run.Best().Rmse),
            [.. present.Select(entry => Summarize(entry.Entry, entry.Runs, pioneer))]);
    }

    private static EntrySummary Summarize(AccuracyEntry entry, IReadOnlyList<AccuracyRun> runs, IReadOnlyList<AccuracyRun> pioneer) => new(
        entry.Name,
        entry.Description,
        entry.Network,
        runs[0].TrainingRows,
        runs.Count,
        Spread.Of(runs.Select(run => run.Validation.Rmse!.Value)),
        runs.All(run => run.Validation.Nme is not null) ? Spread.Of(runs.Select(run => run.Validation.Nme!.Value)) : null,
        Spread.Of(runs.Select(run => run.Curve[^1].Rmse)),
        pioneer.Count == 0 ? null : MeanSquare(pioneer) / MeanSquare(runs),
        pioneer.Count == 0 ? null : Reach(runs, pioneer),
        Spread.Of(runs.Select(run => (double)run.Epochs)),
        Spread.Of(runs.Select(run => run.TrainingSeconds)),
        runs[0].Parameters,
        runs[0].OnnxBytes,
        Spread.Of(runs.Select(run => run.MillisecondsPerImage)),
        runs[0].Validation.RmsePerKeypoint.Keys.ToDictionary(
            name => name, name => runs.Average(run => run.Validation.RmsePerKeypoint[name]), StringComparer.Ordinal));

    private static double MeanSquare(IReadOnlyList<AccuracyRun> runs) => runs.Average(run => Math.Pow(run.Validation.Rmse!.Value, 2));

    // The pioneer's seconds are those until each seed's own best error; the other entries must reach the mean of these errors.
    private static Reaching? Reach(IReadOnlyList<AccuracyRun> runs, IReadOnlyList<AccuracyRun> pioneer)
    {
        double target = pioneer.Average(run => run.Best().Rmse);
        bool isPioneer = runs[0].Entry == AccuracyEntries.Pioneer;
        List<CurvePoint?> reached = [.. runs.Select(run => isPioneer ? run.Best() : run.FirstAt(target))];
        return reached.Contains(null)
            ? null
            : new Reaching(
                reached.Average(point => point!.Seconds),
                reached.Average(point => point!.Images),
                reached.Average(point => point!.Seconds) / pioneer.Average(run => run.Best().Seconds));
    }
}
