using System.Text.Json;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Infer;

/// <summary>Deletes the work files of a batch whose instance was terminated, its claim first: steps that still run then write no more
/// results. The output says whether there were some.</summary>
public sealed class CleanUpBatch(PipelineStorage storage, TimeProvider time) : Step<TerminatedInstance, bool>
{
    /// <summary>How engines call it.</summary>
    public static StepRef<TerminatedInstance, bool> Ref { get; } = new(nameof(CleanUpBatch), StepRetry.Patient);

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">Work files are left. The next try goes on.</exception>
    public override async Task<bool> RunAsync(TerminatedInstance input, CancellationToken cancellationToken)
    {
        if (FindBatch(input.Input) is not string batch)
            return false;
        string folder = BatchWork.Folder(batch, input.InstanceId);
        if (!await storage.ListAsync(BlobLayout.Results, folder, cancellationToken).AnyAsync(cancellationToken))
            return false;
        return await new ResultsRemoval(storage, time).RemoveWorkAsync(batch, input.InstanceId, cancellationToken)
            ? true
            : throw new TimeoutException($"results/{folder} still has files after {ResultsRemoval.LongestTime.TotalMinutes:0} minutes. The next try goes on.");
    }

    /// <summary>The batch in the input of the terminated instance, under the name that recorded inputs give it.</summary>
    private static string? FindBatch(JsonElement? input) =>
        input is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("batch", out JsonElement name) && name.ValueKind == JsonValueKind.String
            && name.GetString() is string batch && BatchName.FindProblem(batch) is null
            ? batch
            : null;
}
