using KeypointPipeline.Storage;

namespace KeypointPipeline.Inference;

/// <summary>Blob names of a batch's work in progress, in the <c>results</c> container. Deleted once the results are written.</summary>
public static class BatchFiles
{
    /// <summary>The longest name of a batch, characters: names of its images and results are made with it.</summary>
    public const int LongestName = 200;

    /// <summary>Says what is wrong with a batch's name.</summary>
    /// <returns>Such as <c>holds a '/'</c>; null where a batch can be named so.</returns>
    public static string? FindNameProblem(string batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Length > LongestName)
            return $"has {batch.Length:N0} characters, and {LongestName} are allowed";
        return batch.Contains('/') ? "holds a '/'" : BlobName.FindProblem(batch);
    }

    /// <summary>The work folder of one instance.</summary>
    public static string WorkFolder(BatchPlan plan) => $"{plan.Batch}/_work/{plan.InstanceId}/";

    /// <summary>The list of image names of a chunk, in order.</summary>
    public static string ChunkNames(BatchPlan plan, int chunk) => $"{WorkFolder(plan)}names-{chunk:00000}.json";

    /// <summary>The results of a chunk.</summary>
    public static string ChunkResults(BatchPlan plan, int chunk) => $"{WorkFolder(plan)}results-{chunk:00000}.jsonl";

    /// <summary>The zip that holds a batch, in the <c>images</c> container.</summary>
    public static string Zip(string batch) => $"{batch}.zip";
}
