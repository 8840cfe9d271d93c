using System.Collections.Concurrent;
using System.Diagnostics;
using KeypointPipeline.Port;

namespace KeypointPipeline.Bench.Scale;

/// <summary>Measures the steps of a catalog: how often each runs, and its longest run in seconds and in requests.</summary>
internal sealed class StepMeter
{
    private readonly AsyncLocal<StepRun?> _current = new();
    private readonly ConcurrentDictionary<string, StepFigures> _steps = new(StringComparer.Ordinal);

    /// <summary>The figures of each step that ran, by name.</summary>
    public IReadOnlyDictionary<string, StepFigures> Steps => _steps;

    /// <summary>Returns the step under measurement.</summary>
    public StepEntry Over(StepEntry step) =>
        step with { RunAsync = (services, input, cancellationToken) => RunAsync(step, services, input, cancellationToken) };

    /// <summary>Counts a request of the step that runs in the caller's context.</summary>
    public void CountRequest() => _current.Value?.CountRequest();

    private async Task<string> RunAsync(StepEntry step, IServiceProvider services, string input, CancellationToken cancellationToken)
    {
        var run = new StepRun();
        _current.Value = run;
        long start = Stopwatch.GetTimestamp();
        string output = await step.RunAsync(services, input, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _steps.AddOrUpdate(step.Name, _ => new StepFigures(1, seconds, run.Requests), (_, earlier) => earlier.With(seconds, run.Requests));
        return output;
    }

    private sealed class StepRun
    {
        private int _requests;

        public int Requests => Volatile.Read(ref _requests);

        public void CountRequest() => Interlocked.Increment(ref _requests);
    }
}

/// <summary>Figures of one step.</summary>
/// <param name="Runs">How often it ran.</param>
/// <param name="LongestSeconds">Seconds of its longest run.</param>
/// <param name="MostRequests">The most requests of a run.</param>
internal sealed record StepFigures(int Runs, double LongestSeconds, int MostRequests)
{
    /// <summary>Adds a run.</summary>
    public StepFigures With(double seconds, int requests) =>
        new(Runs + 1, Math.Max(LongestSeconds, seconds), Math.Max(MostRequests, requests));
}
