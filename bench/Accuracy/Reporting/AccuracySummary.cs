namespace KeypointPipeline.Bench.Accuracy.Reporting;

/// <summary>The figures of a comparison, which may be unfinished.</summary>
/// <param name="Command">The command that repeats it.</param>
/// <param name="Machines">The machines it ran on: usually one.</param>
/// <param name="Computing">Torch's device and the type that its convolutions computed in.</param>
/// <param name="Code">Versions of the trainer: usually one.</param>
/// <param name="LastRunAt">When the last run ended, UTC; null without runs.</param>
/// <param name="Targets">Errors that all entries are timed to, frame pixels: the pioneer's best error, and 1, 5 and 10 % more. Its best
/// error is one that each of its seeds reaches: the highest of their lowest errors. Empty without a pioneer.</param>
/// <param name="Entries">The compared entries with runs.</param>
/// <param name="Small">The entries with a number of drawn rows.</param>
/// <param name="TwoRules">The runs on two labelling rules.</param>
/// <param name="Test">The errors on the test people; empty unless they were measured.</param>
internal sealed record AccuracySummary(
    string Command,
    IReadOnlyList<string> Machines,
    IReadOnlyList<string> Computing,
    IReadOnlyList<string> Code,
    DateTimeOffset? LastRunAt,
    IReadOnlyList<double> Targets,
    IReadOnlyList<EntrySummary> Entries,
    IReadOnlyList<EntrySummary> Small,
    IReadOnlyList<TwoRulesResult> TwoRules,
    IReadOnlyList<TestSummary> Test)
{
    private static readonly double[] Factors = [1, 1.01, 1.05, 1.1];

    /// <summary>Calculates the figures from runs.</summary>
    /// <param name="command">The command that repeats the comparison.</param>
    /// <param name="entries">Entries in order, each with its finished runs.</param>
    /// <param name="test">The errors on the test people; null if they were not measured.</param>
    public static AccuracySummary Of(
        string command, IReadOnlyList<(AccuracyEntry Entry, IReadOnlyList<AccuracyRun> Runs)> entries, IReadOnlyList<TestSummary>? test = null)
    {
        List<(AccuracyEntry Entry, IReadOnlyList<AccuracyRun> Runs)> present = [.. entries.Where(entry => entry.Runs.Count > 0)];
        List<AccuracyRun> all = [.. present.SelectMany(entry => entry.Runs)];
        IReadOnlyList<AccuracyRun> pioneer = [.. all.Where(run => run.Entry == AccuracyEntries.Pioneer)];
        double[] targets = pioneer.Count == 0 ? [] : [.. Factors.Select(factor => factor * pioneer.Max(run => run.Best().Rmse))];
        return new AccuracySummary(
            command,
            [.. all.Select(run => run.Machine).Distinct(StringComparer.Ordinal)],
            [.. all.Select(run => $"{run.Settings.Device} in {run.Settings.Precision}").Distinct(StringComparer.Ordinal)],
            [.. all.Select(run => run.Code).Distinct(StringComparer.Ordinal)],
            all.Count == 0 ? null : all.Max(run => run.EndedAt),
            targets,
            [.. present.Where(entry => entry.Entry.IsCompared).Select(entry => Summarize(entry.Entry, entry.Runs, pioneer, targets))],
            [.. present.Where(entry => entry.Entry.RowCount is not null).Select(entry => Summarize(entry.Entry, entry.Runs, [], []))],
            [.. all.Select(run => run.TwoRules).OfType<TwoRulesResult>()],
            [.. test ?? []]);
    }

    private static EntrySummary Summarize(
        AccuracyEntry entry, IReadOnlyList<AccuracyRun> runs, IReadOnlyList<AccuracyRun> pioneer, IReadOnlyList<double> targets) => new(
        entry.Name,
        entry.Description,
        entry.Network,
        runs[0].TrainingRows,
        runs.Count,
        Spread.Of(runs.Select(run => run.Best().Rmse)),
        Spread.Of(runs.Select(run => run.MirroredRmse)),
        runs.All(run => run.Validation.Nme is not null) ? Spread.Of(runs.Select(run => run.Validation.Nme!.Value)) : null,
        Spread.Of(runs.Select(run => run.Curve[^1].Rmse)),
        pioneer.Count == 0 ? null : MeanSquare(pioneer) / MeanSquare(runs),
        [.. targets.Select(target => Reach(runs, pioneer, target))],
        Spread.Of(runs.Select(run => (double)run.Epochs)),
        Spread.Of(runs.Select(run => run.TrainingSeconds)),
        runs[0].Parameters,
        runs[0].OnnxBytes,
        Spread.Of(runs.Select(run => run.MillisecondsPerImage)),
        runs[0].Validation.RmsePerKeypoint.Keys.ToDictionary(
            name => name, name => runs.Average(run => run.Validation.RmsePerKeypoint[name]), StringComparer.Ordinal));

    private static double MeanSquare(IReadOnlyList<AccuracyRun> runs) => runs.Average(run => Math.Pow(run.Best().Rmse, 2));

    // The same rule for all, the pioneer too: the first time that the error is reached.
    private static Reaching? Reach(IReadOnlyList<AccuracyRun> runs, IReadOnlyList<AccuracyRun> pioneer, double target)
    {
        List<(double Seconds, double Images)?> reached = [.. runs.Select(run => run.Reached(target))];
        return reached.Contains(null)
            ? null
            : new Reaching(
                Spread.Of(reached.Select(at => at!.Value.Seconds)),
                reached.Average(at => at!.Value.Images),
                reached.Average(at => at!.Value.Seconds) / pioneer.Average(run => run.Reached(target)!.Value.Seconds));
    }
}
