using System.Diagnostics;
using System.Text.RegularExpressions;

namespace KeypointPipeline.Fuzz.Tests;

/// <summary>Feeds inputs to a reader, one after the other, and counts the outcomes.</summary>
/// <param name="target">The reader.</param>
/// <param name="seed">Seeds all inputs.</param>
/// <param name="failed">Called for every broken promise.</param>
internal sealed partial class FuzzRunner(IFuzzTarget target, int seed, Action<FuzzFailure> failed)
{
    /// <summary>Every 32nd input is fed a second time, in pieces.</summary>
    private const int RepeatEvery = 32;

    /// <summary>The counts since the last <see cref="TakeTally"/>.</summary>
    public FuzzTally Tally { get; private set; } = new();

    /// <summary>Returns the counts and starts again at zero.</summary>
    public FuzzTally TakeTally()
    {
        FuzzTally taken = Tally with { PeakBytes = PeakBytes() };
        Tally = new FuzzTally();
        return taken;
    }

    /// <summary>Makes an input and feeds it.</summary>
    public Task RunAsync(long number, CancellationToken cancellationToken) =>
        RunAsync(target.Create(seed, number), number, cancellationToken);

    /// <summary>Feeds an input.</summary>
    public async Task RunAsync(FuzzInput input, long number, CancellationToken cancellationToken)
    {
        (FuzzVerdict verdict, TimeSpan took) = await FeedAsync(input, inPieces: false, cancellationToken);
        if (took > target.Patience)
        {
            // The machine may have been busy.
            (_, TimeSpan again) = await FeedAsync(input, inPieces: false, cancellationToken);
            took = again < took ? again : took;
        }

        Count(verdict, took, number);
        if (verdict.Fault is not null)
            Fail(number, input, verdict.Fault);
        else if (took > target.Patience)
            Fail(number, input, $"It took {took.TotalSeconds:0.0} s twice, at most {target.Patience.TotalSeconds:0.0} s are allowed.");
        else if (number % RepeatEvery == 0)
            await RepeatAsync(input, verdict, number, cancellationToken);
    }

    private async Task RepeatAsync(FuzzInput input, FuzzVerdict first, long number, CancellationToken cancellationToken)
    {
        Tally.Repeated++;
        if (!target.Create(seed, number).Content.AsSpan().SequenceEqual(input.Content))
            Fail(number, input, "The same number made other bytes.");
        (FuzzVerdict second, _) = await FeedAsync(input, inPieces: true, cancellationToken);
        if (second.Fault is not null)
            Fail(number, input, $"In pieces: {second.Fault}");
        else if (second.Digest != first.Digest)
            Fail(number, input, $"The outcome differs the second time: {first.Reason ?? "accepted"}; in pieces: {second.Reason ?? "accepted"}");
    }

    private async Task<(FuzzVerdict Verdict, TimeSpan Took)> FeedAsync(FuzzInput input, bool inPieces, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        FuzzVerdict verdict;
        try
        {
            verdict = await target.FeedAsync(input, inPieces, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            verdict = FuzzVerdict.Broken(e.ToString());
        }

        return (verdict, Stopwatch.GetElapsedTime(start));
    }

    private void Count(FuzzVerdict verdict, TimeSpan took, long number)
    {
        Tally.Inputs++;
        Tally.Accepted += verdict.IsAccepted ? 1 : 0;
        if (took.TotalSeconds > Tally.SlowestSeconds)
            (Tally.SlowestSeconds, Tally.SlowestNumber) = (took.TotalSeconds, number);
        if (verdict.Reason is not string reason)
            return;
        string kind = Particulars.Replace(reason, "…");
        Tally.Reasons[kind] = Tally.Reasons.GetValueOrDefault(kind) + 1;
    }

    private void Fail(long number, FuzzInput input, string what) =>
        failed(new FuzzFailure(target.Name, number, $"{what}{Environment.NewLine}({input.Name}, {input.Content.Length:N0} bytes: {input.Recipe})"));

    private static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>What differs between two reasons of one kind: numbers, quotations, names of columns.</summary>
    [GeneratedRegex(@"'[^']*'|\([^)]*\)|column .*?:|header cannot be used: .*|\b\d[\d,.×%]*", RegexOptions.NonBacktracking)]
    private static partial Regex Particulars { get; }
}
