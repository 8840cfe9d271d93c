namespace KeypointPipeline.Inference;

/// <summary>Blob names of a batch's intermediate files, in the <c>results</c> container. They are deleted once the results are
/// complete.</summary>
public static class BatchWork
{
    /// <summary>The folder of all work folders, below <c>results/{batch}/</c>.</summary>
    public const string FolderName = "_work";

    /// <summary>The folder of the work folders of all instances of a batch.</summary>
    public static string Folders(string batch) => $"{batch}/{FolderName}/";

    /// <summary>The work folder of one workflow instance.</summary>
    public static string Folder(string batch, string instanceId) => $"{Folders(batch)}{instanceId}/";

    /// <summary>The work folder of one workflow instance.</summary>
    public static string Folder(BatchPlan plan) => Folder(plan.Batch, plan.InstanceId);

    /// <summary>Exists while the batch belongs to the instance.</summary>
    /// <param name="folder">The instance's work folder.</param>
    public static string Claim(string folder) => $"{folder}claim.json";

    /// <summary>The claim of a plan of an earlier version, which has no file of its own: the first list of names.</summary>
    /// <param name="folder">The instance's work folder.</param>
    public static string EarlierClaim(string folder) => ChunkNames(folder, 0);

    /// <summary>The image names of a chunk, in order.</summary>
    public static string ChunkNames(BatchPlan plan, int chunk) => ChunkNames(Folder(plan), chunk);

    /// <summary>The results of a chunk.</summary>
    public static string ChunkResults(BatchPlan plan, int chunk) => $"{Folder(plan)}results-{chunk:00000}.jsonl";

    /// <summary>What the end of a batch needs of a section.</summary>
    public static string Part(BatchPlan plan, int section) => $"{Folder(plan)}part-{section:00000}.json";

    private static string ChunkNames(string folder, int chunk) => $"{folder}names-{chunk:00000}.json";
}
