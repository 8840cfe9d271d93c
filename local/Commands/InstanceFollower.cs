using KeypointPipeline.Port;
using KeypointPipeline.Workflows;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary>Shows an instance, and the training that it starts, until the instance ends. An interactive terminal shows a progress bar.
/// Other output gets a line for each change.</summary>
/// <param name="find">Finds an instance, or returns null.</param>
/// <param name="asJson">Whether the command prints JSON. Then the lines go to standard error.</param>
internal sealed class InstanceFollower(Func<string, CancellationToken, Task<WorkflowStatus?>> find, bool asJson)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    /// <summary>Follows the instance until it ends.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="title">Comes before each line.</param>
    /// <param name="cancellationToken">Stops following.</param>
    /// <returns>The status of the ended instance.</returns>
    /// <exception cref="CommandException">The instance does not appear within a minute.</exception>
    public async Task<WorkflowStatus> FollowAsync(string instanceId, string title, CancellationToken cancellationToken) =>
        (await FollowAsync(instanceId, title, _ => Task.FromResult(false), cancellationToken))!;

    /// <summary>Follows the instance until it ends, or until it is clear that it will never appear.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="title">Comes before each line.</param>
    /// <param name="isReplacedAsync">Tells, while the instance is missing, whether it will never appear.</param>
    /// <param name="cancellationToken">Stops following.</param>
    /// <returns>The status of the ended instance; null if it will never appear.</returns>
    /// <exception cref="CommandException">The instance does not appear within a minute.</exception>
    public async Task<WorkflowStatus?> FollowAsync(
        string instanceId, string title, Func<CancellationToken, Task<bool>> isReplacedAsync, CancellationToken cancellationToken)
    {
        if (asJson || !ConsoleProgress.IsShown)
        {
            var lines = new LinePrinter(title, asJson ? Console.Error : Console.Out);
            return await FollowAsync(instanceId, (status, _) => lines.Show(status), isReplacedAsync, cancellationToken);
        }

        WorkflowStatus? ended = null;
        await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                ProgressTask task = progress.AddTask(Markup.Escape(title), maxValue: 1);
                task.IsIndeterminate = true;
                ended = await FollowAsync(
                    instanceId,
                    (status, share) =>
                    {
                        task.Description = Markup.Escape($"{title}: {InstanceText.Describe(status)}");
                        task.IsIndeterminate = share is null;
                        task.Value = share ?? 0;
                    },
                    isReplacedAsync,
                    cancellationToken);
                task.IsIndeterminate = false;
                task.Value = 1;
            });
        return ended;
    }

    private async Task<WorkflowStatus?> FollowAsync(
        string instanceId, Action<WorkflowStatus, double?> show, Func<CancellationToken, Task<bool>> isReplacedAsync, CancellationToken cancellationToken)
    {
        int missing = 0;
        while (true)
        {
            if (await find(instanceId, cancellationToken) is { } status)
            {
                // While a dataset's training runs, show the progress of the training.
                WorkflowStatus shown = status.HasEnded
                    ? status
                    : await find(InstanceIds.Training(instanceId), cancellationToken) ?? status;
                show(shown, InstanceText.ShareDone(shown));
                if (status.HasEnded)
                    return status;
            }
            else if (await isReplacedAsync(cancellationToken))
            {
                return null;
            }
            else if (++missing > TimeSpan.FromMinutes(1) / Interval)
            {
                throw new CommandException($"Instance {instanceId} did not appear within a minute. `./keypoints status` lists the existing instances.");
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }

    private sealed class LinePrinter(string title, TextWriter output)
    {
        private string? _last;

        public void Show(WorkflowStatus status)
        {
            string line = $"{title}: {InstanceText.Describe(status)}";
            if (line != _last)
                output.WriteLine(line);
            _last = line;
        }
    }
}
