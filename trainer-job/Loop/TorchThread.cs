using TorchSharp;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>Runs a whole training on one thread of its own. Torch keeps workers, and each of them memory, per calling thread, and its
/// dispose scopes belong to a thread: work that hops between pool threads would pile both up.</summary>
public static class TorchThread
{
    /// <summary>Starts the work and returns at once.</summary>
    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                // The machine's cores as torch counts them, or fewer where a container is given fewer.
                torch.set_num_threads(Math.Min(torch.get_num_threads(), Environment.ProcessorCount));
                completion.SetResult(work());
            }
            catch (OperationCanceledException e)
            {
                completion.SetCanceled(e.CancellationToken);
            }
            catch (Exception e)
            {
                // Not swallowed: whoever awaits the task gets it.
                completion.SetException(e);
            }
        })
        { Name = "torch", IsBackground = true };
        thread.Start();
        return completion.Task;
    }
}
