using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.WorkflowSuite.Replay;

/// <summary>The context that guarded code sees: records and checks every call, and hands out answers only in turns.</summary>
/// <param name="record">The instance's calls so far.</param>
/// <param name="turns">In which the code runs.</param>
/// <param name="logger">For what it logs.</param>
/// <param name="engine">The engine's context, or null in a rehearsal, where the recorded answers are given.</param>
internal sealed class GuardedContext(CallRecord record, GuardedTurns turns, ILogger logger, IWorkflowContext? engine) : IWorkflowContext
{
    private readonly Dictionary<int, PendingAnswer> _pending = [];
    private DateTimeOffset _now;

    /// <summary>Calls made in this run.</summary>
    public int Calls { get; private set; }

    /// <summary>What the code waits for, by call.</summary>
    public IReadOnlyDictionary<int, PendingAnswer> Pending => _pending;

    /// <summary>The first call that differed from the runs before, whatever the code made of the exception.</summary>
    public ReplayGuardException? Violation { get; private set; }

    /// <inheritdoc/>
    public string InstanceId => record.InstanceId;

    /// <inheritdoc/>
    public DateTimeOffset UtcNow
    {
        get
        {
            ThrowIfOutsideTurn();
            return _now;
        }
    }

    /// <inheritdoc/>
    public ILogger Logger { get; } = logger;

    /// <inheritdoc/>
    public Task<TOutput> CallStepAsync<TInput, TOutput>(StepRef<TInput, TOutput> step, TInput input) =>
        Ask($"step {step.Name} with {PipelineJson.Write(input)}", context => context.CallStepAsync(step, input));

    /// <inheritdoc/>
    public Task<TOutput> CallWorkflowAsync<TInput, TOutput>(WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId) =>
        Ask(
            $"child {workflow.Name} under {instanceId} with {PipelineJson.Write(input)}",
            context => context.CallWorkflowAsync(workflow, input, instanceId));

    /// <inheritdoc/>
    public Task DelayAsync(TimeSpan delay) => Ask($"a delay of {delay}", async context =>
    {
        await context.DelayAsync(delay);
        return true;
    });

    /// <inheritdoc/>
    public Task<string?> WaitForEventAsync(string name, TimeSpan timeout) =>
        Ask($"a wait for event {name} of {timeout}", context => context.WaitForEventAsync(name, timeout));

    /// <inheritdoc/>
    public void SetStatus<T>(T status)
    {
        Check($"status {PipelineJson.Write(status)}");
        if (engine is not null)
            turns.AskEngine(() => { engine.SetStatus(status); return true; });
    }

    /// <summary>Begins: runs the code until it waits.</summary>
    public Task<string> Begin(Func<IWorkflowContext, Task<string>> code, DateTimeOffset now)
    {
        Task<string>? running = null;
        _now = now;
        turns.Run(() => running = code(this));
        return running!;
    }

    /// <summary>Gives an answer to the code and runs it until it waits again.</summary>
    public void Give(GivenAnswer answer)
    {
        if (!_pending.Remove(answer.Call, out PendingAnswer? pending))
            throw new InvalidOperationException($"Call {answer.Call} of {InstanceId} is not waited for.");
        _now = answer.Now;
        turns.Run(() => pending.Give(answer));
    }

    /// <exception cref="ReplayGuardException">The code broke a rule; or it has not ended and waits for nothing of the context's.</exception>
    public void ThrowIfBroken(Task code)
    {
        if (Violation is not null)
            throw Violation;
        if (turns.HasStrayed || (_pending.Count == 0 && !code.IsCompleted))
            throw record.Stray(Calls);
    }

    private Task<T> Ask<T>(string what, Func<IWorkflowContext, Task<T>> call)
    {
        int number = Check(what);
        var pending = new PendingAnswer<T>(number, engine is null ? null : AskEngine(engine, call));
        _pending.Add(number, pending);
        return pending.Task;
    }

    private Task<T> AskEngine<T>(IWorkflowContext context, Func<IWorkflowContext, Task<T>> call)
    {
        try
        {
            return turns.AskEngine(() => call(context));
        }
        catch (Exception e)
        {
            // Given as an answer, so that it is recorded and comes again in the rehearsal.
            return Task.FromException<T>(e);
        }
    }

    private int Check(string call)
    {
        ThrowIfOutsideTurn();
        int number = Calls++;
        try
        {
            record.Check(number, call);
        }
        catch (ReplayGuardException e)
        {
            Violation ??= e;
            throw;
        }

        return number;
    }

    private void ThrowIfOutsideTurn()
    {
        if (!turns.CheckTurn())
            throw record.Stray(Calls);
    }
}
