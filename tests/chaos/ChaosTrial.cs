using System.Diagnostics;
using KeypointPipeline.Training;

namespace KeypointPipeline.Chaos.Tests;

/// <summary>One data folder in peace, then data folders with faults until there were enough: each must come to the same.</summary>
/// <param name="folder">Where they lie.</param>
/// <param name="inputs">What is dropped into each.</param>
/// <param name="training">How each trains.</param>
/// <param name="longestPause">Between two faults.</param>
internal sealed class ChaosTrial(string folder, ChaosInputs inputs, TrainingSettings training, TimeSpan longestPause)
{
    /// <summary>At most so many faults in one data folder.</summary>
    private const int FaultsPerFolder = 20;

    /// <summary>Runs it.</summary>
    /// <param name="rounds">Faults in all.</param>
    /// <param name="seed">Chooses them and their moments.</param>
    /// <param name="progress">Told of each data folder that is done.</param>
    /// <param name="cancellationToken">Ends it, and every process of it.</param>
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

/// <summary>What a trial has come to.</summary>
/// <param name="Undisturbed">The outcome without faults.</param>
/// <param name="Struck">The faults.</param>
/// <param name="Wrong">Everything that was not as it is without faults.</param>
/// <param name="Seconds">What each data folder took, the undisturbed one first.</param>
internal sealed record ChaosTally(
    ChaosOutcome Undisturbed, IReadOnlyList<ChaosFault> Struck, IReadOnlyList<string> Wrong, IReadOnlyList<double> Seconds);
