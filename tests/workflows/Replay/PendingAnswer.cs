using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.WorkflowSuite.Replay;

/// <summary>An answer as the code got it.</summary>
/// <param name="Call">To which call.</param>
/// <param name="Now">The workflow's time from then on.</param>
/// <param name="Json">The answer, unless it is an error.</param>
/// <param name="Error">The error.</param>
internal sealed record GivenAnswer(int Call, DateTimeOffset Now, string? Json, Exception? Error);

/// <summary>A call that has no answer yet.</summary>
internal abstract class PendingAnswer(int call)
{
    /// <summary>Which call.</summary>
    public int Call => call;

    /// <summary>The engine's answer to come; null in a rehearsal.</summary>
    public abstract Task? FromEngine { get; }

    /// <summary>The engine's answer, once it is there.</summary>
    public abstract GivenAnswer Read(DateTimeOffset now);

    /// <summary>Gives an answer to the code; within a turn.</summary>
    public abstract void Give(GivenAnswer answer);
}

/// <summary>With its type.</summary>
internal sealed class PendingAnswer<T>(int call, Task<T>? fromEngine) : PendingAnswer(call)
{
    private readonly TaskCompletionSource<T> _given = new();

    /// <summary>What the code awaits.</summary>
    public Task<T> Task => _given.Task;

    /// <inheritdoc/>
    public override Task? FromEngine => fromEngine;

    /// <inheritdoc/>
    public override GivenAnswer Read(DateTimeOffset now) => fromEngine!.IsCompletedSuccessfully
        ? new GivenAnswer(Call, now, PipelineJson.Write(fromEngine.Result), Error: null)
        : new GivenAnswer(Call, now, Json: null, fromEngine.Exception?.InnerException ?? new TaskCanceledException(fromEngine));

    /// <inheritdoc/>
    public override void Give(GivenAnswer answer)
    {
        if (answer.Error is Exception error)
            _given.SetException(error);
        else
            _given.SetResult(JsonSerializer.Deserialize<T>(answer.Json!, PipelineJson.Compact)!);
    }
}
