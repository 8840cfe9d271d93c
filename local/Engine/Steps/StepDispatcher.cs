using KeypointPipeline.Local.Engine.Timers;
using KeypointPipeline.Port;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Engine.Steps;

/// <summary>Runs a bounded number of steps at a time. Owners take turns, so that an instance with thousands of steps does not delay
/// the others.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001", Justification = "The source holds nothing but memory, and steps may hold its token at any time.")]
internal sealed class StepDispatcher
{
    private readonly Lock _gate = new();
    private readonly Queue<StepOwner> _line = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IReadOnlyDictionary<string, StepEntry> _steps;
    private readonly IServiceProvider _services;
    private readonly WorkflowEngineOptions _options;
    private readonly DurableTimers _timers;
    private readonly ILogger _logger;
    private int _running;
    private bool _stopped;

    /// <summary>Creates a dispatcher that runs nothing yet.</summary>
    /// <param name="steps">The registered steps.</param>
    /// <param name="services">Services that create the steps.</param>
    /// <param name="options">Limit of parallel steps, and what each step waits for.</param>
    /// <param name="timers">Runs the waits before retries.</param>
    /// <param name="logger">Receives cancelled steps.</param>
    public StepDispatcher(
        IReadOnlyDictionary<string, StepEntry> steps, IServiceProvider services, WorkflowEngineOptions options, DurableTimers timers, ILogger logger)
    {
        _steps = steps;
        _services = services;
        _options = options;
        _timers = timers;
        _logger = logger;
    }

    /// <summary>Queues a step.</summary>
    public void Add(StepJob job)
    {
        lock (_gate)
        {
            if (job.Owner.HasEnded && !job.IsCleanup)
                return;
            job.Owner.Waiting.Enqueue(job);
            Line(job.Owner);
            Start();
        }
    }

    /// <summary>Queues a clean-up. It starts when no step of its owner or of the others runs.</summary>
    public void AddAfter(StepJob cleanup, IEnumerable<StepOwner> others)
    {
        lock (_gate)
        {
            foreach (StepOwner other in others.Where(other => other != cleanup.Owner && other.Running > 0))
            {
                cleanup.Owner.CleansUpAfter.Add(other);
                other.AwaitedBy.Add(cleanup.Owner);
            }

            Add(cleanup);
        }
    }

    /// <summary>Queues a step once it is due.</summary>
    /// <param name="job">The step.</param>
    /// <param name="due">Time at which the step may run, UTC.</param>
    /// <param name="atMost">The longest wait from now; see <see cref="DurableTimers.Set"/>.</param>
    public void AddLater(StepJob job, DateTimeOffset due, TimeSpan atMost) => _timers.Set(due, atMost, () => Add(job));

    /// <summary>Drops the owner's waiting steps and cancels the token of its running steps.</summary>
    public void End(StepOwner owner)
    {
        bool running;
        lock (_gate)
        {
            owner.HasEnded = true;
            owner.Waiting.Clear();
            running = owner.Running > 0;
        }

        // The cancellation runs callbacks of the steps, so it does not run on the caller's thread.
        if (running)
            ThreadPool.UnsafeQueueUserWorkItem(static ended => ended.Cancel(), owner, preferLocal: false);
    }

    /// <summary>Starts no more steps, cancels the token of running steps and completes when they have returned.</summary>
    public async Task StopAsync()
    {
        lock (_gate)
        {
            _stopped = true;
            if (_running == 0)
                _idle.TrySetResult();
        }

        await _stopping.CancelAsync();
        await _idle.Task;
    }

    private void Line(StepOwner owner)
    {
        if (owner.InLine || !owner.CanStart)
            return;
        owner.InLine = true;
        _line.Enqueue(owner);
    }

    private void Start()
    {
        while (!_stopped && _running < _options.MaxParallelSteps && _line.TryDequeue(out StepOwner? owner))
        {
            owner.InLine = false;
            if (!owner.CanStart)
                continue;
            StepJob job = owner.Waiting.Dequeue();
            owner.Running++;
            _running++;
            Line(owner);
            ThreadPool.UnsafeQueueUserWorkItem(static run => _ = run.Dispatcher.RunAsync(run.Job), (Dispatcher: this, Job: job), preferLocal: false);
        }
    }

    private async Task RunAsync(StepJob job)
    {
        try
        {
            await TryAsync(job);
        }
        finally
        {
            lock (_gate)
            {
                job.Owner.Running--;
                _running--;
                Line(job.Owner);
                foreach (StepOwner other in job.Owner.AwaitedBy)
                    Line(other);
                Start();
                if (_stopped && _running == 0)
                    _idle.TrySetResult();
            }
        }
    }

    private async Task TryAsync(StepJob job)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            _stopping.Token, job.IsCleanup ? CancellationToken.None : job.Owner.Ended);
        string output;
        try
        {
            if (!_steps.TryGetValue(job.Name, out StepEntry? step))
                throw new PermanentStepException($"No step is registered under the name {job.Name}.");
            await _options.BeforeStep(either.Token);
            output = await step.RunAsync(_services, job.Input, either.Token);
        }
        catch (Exception e)
        {
            // Any error after a cancellation may come from it. The attempt does not count, and the step runs again after a restart.
            if (either.IsCancellationRequested)
                _logger.LogDebug(e, "Step {Step} was cancelled", job.Name);
            else
                job.Failed(e, e is PermanentStepException);
            return;
        }

        job.Completed(output);
    }
}
