using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Inference;

/// <summary>The rule for names of batches, for everything that accepts one.</summary>
public static class BatchName
{
    /// <summary>Maximum length of a batch's name, in characters: it is part of the names of its images and results.</summary>
    public const int MaximumLength = 200;

    /// <summary>Says what is wrong with a batch's name.</summary>
    /// <returns>A predicate such as <c>holds a '/'</c>, or null if the name is allowed.</returns>
    public static string? FindProblem(string batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Length > MaximumLength)
            return $"has {batch.Length:N0} characters, and {MaximumLength} are allowed";
        return batch.Contains('/') ? "holds a '/'" : BlobName.FindProblem(batch);
    }

    /// <summary>The zip that holds a batch, in the <c>images</c> container.</summary>
    public static string Zip(string batch) => batch + FileNames.Zip;
}
