using System.Diagnostics;
using KeypointPipeline.Training;

namespace KeypointPipeline.Chaos.Tests;

/// <summary>Runs one data folder undisturbed, then data folders with faults until there were enough. All outcomes must be equal.</summary>
/// <param name="folder">The parent of the data folders.</param>
/// <param name="inputs">The files to drop into each.</param>
/// <param name="training">How each trains.</param>
/// <param name="longestPause">The longest pause between two faults.</param>
internal sealed class ChaosTrial(string folder, ChaosInputs inputs, TrainingSettings training, TimeSpan longestPause)
{
    /// <summary>The most faults in one data folder.</summary>
    private const int FaultsPerFolder = 20;

    /// <summary>Runs the data folders.</summary>
    /// <param name="rounds">Number of faults in all data folders.</param>
    /// <param name="seed">Chooses the faults and their moments.</param>
    /// <param name="progress">Receives the tally after each data folder.</param>
    /// <param name="cancellationToken">Stops the trial and its processes.</param>
    public async Task<ChaosTally> RunAsync(int rounds, int seed, IProgress<ChaosTally> progress, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        (ChaosOutcome undisturbed, _, double seconds) = await RunOnceAsync("undisturbed", 0, random, cancellationToken);
        var tally = new ChaosTally(undisturbed, [], [.. undisturbed.Faults], [seconds]);
        progress.Report(tally);
        while (tally.Struck.Count < rounds)
        {
            int faults = Math.Min(rounds - tally.Struck.Count, FaultsPerFolder);
            string name = $"disturbed {tally.Seconds.Count}";
            (ChaosOutcome outcome, IReadOnlyList<ChaosFault> struck, seconds) = await RunOnceAsync(name, faults, random, cancellationToken);
            tally = tally with
            {
                Struck = [.. tally.Struck, .. struck],
                Wrong = [.. tally.Wrong, .. outcome.DifferencesTo(undisturbed).Select(difference => $"{name}: {difference}")],
                Seconds = [.. tally.Seconds, seconds],
            };
            progress.Report(tally);
        }

        return tally;
    }

    private async Task<(ChaosOutcome Outcome, IReadOnlyList<ChaosFault> Struck, double Seconds)> RunOnceAsync(
        string name, int faults, Random random, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        await using var run = new ChaosRun(Path.Combine(folder, name), inputs, training, longestPause);
        ChaosOutcome outcome = await run.RunAsync(faults, random, cancellationToken);
        return (outcome, run.Struck, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}

/// <summary>The figures of a trial so far.</summary>
/// <param name="Undisturbed">The outcome without faults.</param>
/// <param name="Struck">The faults.</param>
/// <param name="Wrong">Every fault and every difference to the undisturbed outcome.</param>
/// <param name="Seconds">Seconds of each data folder, the undisturbed one first.</param>
internal sealed record ChaosTally(
    ChaosOutcome Undisturbed, IReadOnlyList<ChaosFault> Struck, IReadOnlyList<string> Wrong, IReadOnlyList<double> Seconds);
