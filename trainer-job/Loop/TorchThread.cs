using KeypointPipeline.TrainerJob.Native;
using TorchSharp;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>Runs a whole training on a dedicated thread. Torch keeps workers with their memory per calling thread, and its dispose
/// scopes belong to a thread. Work that moves between pool threads would accumulate both.</summary>
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
                TorchSharpLibrary.Check();

                // Torch counts the machine's cores. A container may have fewer.
                torch.set_num_threads(Math.Min(torch.get_num_threads(), Environment.ProcessorCount));
                completion.SetResult(work());
            }
            catch (OperationCanceledException e)
            {
                completion.SetCanceled(e.CancellationToken);
            }
            catch (Exception e)
            {
                // The task passes the exception on.
                completion.SetException(e);
            }
        })
        { Name = "torch", IsBackground = true };
        thread.Start();
        return completion.Task;
    }
}
