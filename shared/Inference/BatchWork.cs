namespace KeypointPipeline.Inference;

/// <summary>Blob names of a batch's intermediate files, in the <c>results</c> container. They are deleted once the results are
/// complete.</summary>
public static class BatchWork
{
    /// <summary>The folder of all work folders, below <c>results/{batch}/</c>.</summary>
    public const string FolderName = "_work";

    /// <summary>The work folder of one workflow instance.</summary>
    public static string Folder(BatchPlan plan) => $"{plan.Batch}/{FolderName}/{plan.InstanceId}/";

    /// <summary>The image names of a chunk, in order.</summary>
    public static string ChunkNames(BatchPlan plan, int chunk) => $"{Folder(plan)}names-{chunk:00000}.json";

    /// <summary>The results of a chunk.</summary>
    public static string ChunkResults(BatchPlan plan, int chunk) => $"{Folder(plan)}results-{chunk:00000}.jsonl";
}
