using System.Text;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Results;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

/// <summary>Writes results of batches without predicting.</summary>
internal static class ResultExamples
{
    /// <summary>Writes a table, an overlay, the report and the summary of a batch, the summary last.</summary>
    public static async Task WriteAsync(PipelineStorage storage, string batch, int failed, CancellationToken cancellationToken)
    {
        await WriteAsync(storage, $"{batch}/{ResultFiles.Csv}", $"image\r\n{batch}\r\n", cancellationToken);
        await WriteAsync(storage, $"{batch}/overlays/000001-a b.jpg", "a jpeg", cancellationToken);
        await WriteAsync(storage, $"{batch}/{ResultFiles.Report}", "<!DOCTYPE html>", cancellationToken);
        var summary = new BatchSummary(
            batch, "v1", 3, 3 - failed, failed, 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(9), 9, ModelExamples.Schema, LabelGaps.None);
        await WriteAsync(storage, $"{batch}/{ResultFiles.Summary}", PipelineJson.Write(summary), cancellationToken);
    }

    /// <summary>Writes a blob of the results container.</summary>
    public static Task WriteAsync(PipelineStorage storage, string name, string content, CancellationToken cancellationToken) =>
        storage.Blob(BlobLayout.Results, name).UploadAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), overwrite: true, cancellationToken);
}
