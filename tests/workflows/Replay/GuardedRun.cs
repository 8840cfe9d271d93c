using KeypointPipeline.Port;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeypointPipeline.WorkflowSuite.Replay;

/// <summary>One run of an instance's code by the engine, first or replayed, and its rehearsal when it has ended.</summary>
internal sealed class GuardedRun(CallRecord record, IWorkflowContext engine, Func<IWorkflowContext, Task<string>> code)
{
    private readonly List<GivenAnswer> _answers = [];

    /// <summary>Runs the code to its end. Awaits only what the engine's context gives.</summary>
    /// <exception cref="ReplayGuardException">The code broke a rule.</exception>
    public async Task<string> RunAsync()
    {
        DateTimeOffset began = engine.UtcNow;
        var context = new GuardedContext(record, new GuardedTurns(), engine.Logger, engine);
        Task<string> running = context.Begin(code, began);
        context.ThrowIfBroken(running);
        while (!running.IsCompleted)
        {
            // Plain awaits: they resume with the engine, in its order.
            PendingAnswer[] pending = [.. context.Pending.Values];
            Task next = await Task.WhenAny(pending.Select(answer => answer.FromEngine!));
            GivenAnswer given = pending.First(answer => answer.FromEngine == next).Read(engine.UtcNow);
            _answers.Add(given);
            context.Give(given);
            context.ThrowIfBroken(running);
        }

        record.CheckEnd(context.Calls);
        Rehearse(running, began);
        return await running;
    }

    /// <summary>Runs the code again on the recorded answers, here and now.</summary>
    private void Rehearse(Task<string> before, DateTimeOffset began)
    {
        var context = new GuardedContext(record, new GuardedTurns(), NullLogger.Instance, engine: null);
        Task<string> again = context.Begin(code, began);
        context.ThrowIfBroken(again);
        foreach (GivenAnswer answer in _answers.TakeWhile(answer => !again.IsCompleted && context.Pending.ContainsKey(answer.Call)))
        {
            context.Give(answer);
            context.ThrowIfBroken(again);
        }

        record.CheckEnd(context.Calls);
        string first = Describe(before);
        string second = Describe(again);
        if (first != second)
            throw record.DifferentEnd(first, second);
    }

    private static string Describe(Task<string> code) => code switch
    {
        { IsCompleted: false } => "waits for more answers",
        { IsCompletedSuccessfully: true } => $"ends with {code.Result}",
        { Exception.InnerException: Exception error } => $"fails with {error.GetType().FullName}: {error.Message}",
        _ => "is cancelled",
    };
}
