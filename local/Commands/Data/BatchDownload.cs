using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Local.Downloads;
using KeypointPipeline.Results;

namespace KeypointPipeline.Local.Commands.Data;

/// <summary>Downloads the results of a batch.</summary>
internal static class BatchDownload
{
    private const int Attempts = 5;

    /// <summary>Finds complete results of a batch.</summary>
    /// <exception cref="CommandException">There are none.</exception>
    public static async Task<BatchDetail> FindAsync(RunningHost host, string batch, CancellationToken cancellationToken) =>
        await host.FindBatchAsync(batch, cancellationToken) switch
        {
            null => throw new CommandException(
                $"Batch '{batch}' has no results. `./keypoints results` lists the batches that have; `./keypoints status` shows those that wait or run."),
            { Batch.FinishedAt: null } => throw new CommandException($"Batch '{batch}' has no results yet. `./keypoints status` shows whether it is still being predicted."),
            BatchDetail detail => detail,
        };

    /// <summary>Downloads all files. They belong to one prediction: if another one replaces a file meanwhile, the download starts again.</summary>
    /// <param name="host">The host that serves them.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="folder">The folder to write to.</param>
    /// <param name="progress">Receives the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <exception cref="CommandException">There are no complete results, or they are replaced again and again.</exception>
    /// <exception cref="DownloadException">A file in the folder is in the way.</exception>
    public static async Task<BatchDetail> RunAsync(
        RunningHost host, string batch, string folder, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            BatchDetail detail = await FindAsync(host, batch, cancellationToken);
            ResultFileInfo[] files = [.. detail.Files.OrderBy(file => file.Name == ResultFiles.Summary)];
            try
            {
                await new DownloadFolder(folder, "results").ReplaceAsync(
                    [.. files.Select(file => new Download(file.Name, file.Bytes, token => OpenAsync(file, token)))], progress, cancellationToken);
                return detail;
            }
            catch (ReplacedException) when (attempt < Attempts)
            {
                // The next attempt lists the new files.
            }
            catch (ReplacedException)
            {
                throw new CommandException($"Batch '{batch}' is being predicted again. Repeat this once `./keypoints status` shows that it has ended.");
            }
        }

        async Task<Stream> OpenAsync(ResultFileInfo file, CancellationToken token) =>
            await host.OpenFileAsync(ApiRoute.Of<ReadResult>().Path(batch, file.Name), file.ETag, token) ?? throw new ReplacedException();
    }

    /// <summary>A file was replaced or deleted after it was listed.</summary>
    private sealed class ReplacedException : Exception;
}
