using KeypointPipeline.Bench.Scale.Store;
using KeypointPipeline.Inference;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Scale;

/// <summary>Checks what a simulated batch left in the store.</summary>
internal static class ScaleResults
{
    /// <summary>Checks that each image has a row in each table, that failed images have theirs, and that nothing of the work is left.</summary>
    /// <returns>The batch's summary.</returns>
    /// <exception cref="InvalidDataException">A result is missing or wrong.</exception>
    public static async Task<BatchSummary> CheckAsync(CountingStore store, PipelineStorage storage, int images, CancellationToken cancellationToken)
    {
        BatchSummary summary = (await storage.ReadAsync<BatchSummary>(BlobLayout.Results, $"{ScaleRun.Batch}/{ResultFiles.Summary}", cancellationToken))?.Value
            ?? throw new InvalidDataException("The simulated batch has no summary.");
        int failed = images / PredictNothing.ImagesPerFailure;
        Require("images in the summary", summary.Images, images);
        Require("failed images in the summary", summary.Failed, failed);
        Require("rows of keypoints.csv", Rows(store, ResultFiles.Csv, headers: true), images);
        Require("rows of keypoints.jsonl", Rows(store, ResultFiles.JsonLines, headers: false), images);
        Require("rows of errors.csv", Rows(store, ResultFiles.Errors, headers: true), failed);
        Require("work files left behind", store.List(BlobLayout.Results, $"{ScaleRun.Batch}/{BatchWork.FolderName}/").Count, 0);
        return summary;
    }

    /// <summary>Returns a result file.</summary>
    public static BlobContent Find(CountingStore store, string name) =>
        store.Find(BlobLayout.Results, $"{ScaleRun.Batch}/{name}")?.Content ?? throw new InvalidDataException($"The simulated batch has no {name}.");

    /// <summary>Counts the rows of a table in all its files: <c>keypoints.csv</c>, or <c>keypoints-00000.csv</c> and its followers.</summary>
    private static long Rows(CountingStore store, string table, bool headers)
    {
        string name = Path.GetFileNameWithoutExtension(table);
        string ending = Path.GetExtension(table);
        StoredBlob[] files =
        [
            .. store.List(BlobLayout.Results, $"{ScaleRun.Batch}/{name}")
                .Where(file => file.Name.EndsWith(ending, StringComparison.Ordinal)),
        ];
        return files.Sum(file => file.Content.Lines) - (headers ? files.Length : 0);
    }

    private static void Require(string what, long found, long expected)
    {
        if (found != expected)
            throw new InvalidDataException($"The simulated batch has {found:N0} {what}, expected {expected:N0}.");
    }
}
