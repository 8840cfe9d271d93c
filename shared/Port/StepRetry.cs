namespace KeypointPipeline.Port;

/// <summary>How often a failing step is retried, and how long each wait is. Waits grow by <see cref="Backoff"/> up to <see cref="MaxDelay"/>.</summary>
public sealed record StepRetry
{
    /// <summary>Creates a policy.</summary>
    /// <param name="maxAttempts">Number of tries, including the first: 1 to 100.</param>
    /// <param name="firstDelay">Wait before the second try; not negative.</param>
    /// <param name="backoff">Factor from one wait to the next, 1 to 10.</param>
    /// <param name="maxDelay">Longest wait; at least <paramref name="firstDelay"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public StepRetry(int maxAttempts, TimeSpan firstDelay, double backoff, TimeSpan maxDelay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxAttempts, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoff, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(backoff, 10);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDelay, firstDelay);
        MaxAttempts = maxAttempts;
        FirstDelay = firstDelay;
        Backoff = backoff;
        MaxDelay = maxDelay;
    }

    /// <summary>Five tries over about a minute: enough for a short storage outage or a restart of the storage server.</summary>
    public static StepRetry Default { get; } = new(5, TimeSpan.FromSeconds(1), 3, TimeSpan.FromSeconds(30));

    /// <summary>Twenty tries over a quarter of an hour. For watching long work: a short storage outage must not fail a training
    /// that survives it.</summary>
    public static StepRetry Patient { get; } = new(20, TimeSpan.FromSeconds(1), 3, TimeSpan.FromMinutes(1));

    /// <summary>One try, no retry.</summary>
    public static StepRetry None { get; } = new(1, TimeSpan.Zero, 1, TimeSpan.Zero);

    /// <summary>Number of tries, including the first.</summary>
    public int MaxAttempts { get; }

    /// <summary>Wait before the second try.</summary>
    public TimeSpan FirstDelay { get; }

    /// <summary>Factor from one wait to the next.</summary>
    public double Backoff { get; }

    /// <summary>Longest wait.</summary>
    public TimeSpan MaxDelay { get; }

    /// <summary>The wait after a failed try.</summary>
    /// <param name="failedAttempt">Which try failed, from 1.</param>
    public TimeSpan DelayAfter(int failedAttempt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failedAttempt, 1);
        double seconds = FirstDelay.TotalSeconds * Math.Pow(Backoff, failedAttempt - 1);
        return TimeSpan.FromSeconds(Math.Min(seconds, MaxDelay.TotalSeconds));
    }
}
