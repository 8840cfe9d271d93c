using System.Security.Cryptography;
using System.Text;

namespace KeypointPipeline.Workflows;

/// <summary>Instance ids, derived from what started the instance: the same event twice starts one instance.</summary>
public static class InstanceIds
{
    private const string TrainingPrefix = "train-";

    /// <summary>For a dropped dataset.</summary>
    /// <param name="path">Its name in the container.</param>
    /// <param name="etag">Its content.</param>
    /// <param name="sidecarETag">Content of its sidecar, or null if it has none.</param>
    public static string Ingest(string path, string etag, string? sidecarETag = null) =>
        Create("ingest", path, sidecarETag is null ? etag : $"{etag.Trim('"')}\n{sidecarETag.Trim('"')}");

    /// <summary>For a dropped batch.</summary>
    public static string Batch(string batch, string etag) => Create("batch", batch, etag);

    /// <summary>For a scheduled retraining that is due at this time.</summary>
    public static string ScheduledRetrain(DateTimeOffset due) => $"retrain-{due.UtcDateTime:yyyyMMdd-HHmmss}";

    /// <summary>For a retraining that a person requested. The caller creates the id once.</summary>
    public static string RequestedRetrain(DateTimeOffset now) => $"retrain-{now.UtcDateTime:yyyyMMdd-HHmmss-fff}";

    /// <summary>For the training that an instance starts as its child. It is also the run id.</summary>
    public static string Training(string parentInstanceId) => TrainingPrefix + parentInstanceId;

    /// <summary>The instance that started a training, or null if the id is not a training's.</summary>
    public static string? ParentOfTraining(string instanceId) =>
        instanceId.StartsWith(TrainingPrefix, StringComparison.Ordinal) ? instanceId[TrainingPrefix.Length..] : null;

    /// <summary>For the n-th group of chunks of a batch or of a section.</summary>
    public static string ChunkGroup(string parentInstanceId, int group) => $"{parentInstanceId}-g{group:0000}";

    /// <summary>For a section of a batch.</summary>
    public static string Section(string parentInstanceId, int section) => $"{parentInstanceId}-s{section:0000}";

    /// <summary>For the n-th node of sections of a batch or of another node.</summary>
    public static string SectionNode(string parentInstanceId, int node) => $"{parentInstanceId}-n{node:0000}";

    /// <summary>For the n-th instance that lists pages of a batch.</summary>
    public static string Listing(string batchInstanceId, int part) => $"{batchInstanceId}-l{part:0000}";

    /// <summary>A readable prefix and a hash. Letters, digits and hyphens fit a URL, a blob name and a file name.</summary>
    private static string Create(string kind, string name, string etag)
    {
        var readable = new StringBuilder();
        foreach (char c in name)
        {
            if (readable.Length == 40)
                break;
            if (char.IsAsciiLetterOrDigit(c))
                readable.Append(char.ToLowerInvariant(c));
            else if (readable.Length > 0 && readable[^1] != '-')
                readable.Append('-');
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\n{etag.Trim('"')}"));
        string text = readable.ToString().Trim('-');
        return text.Length == 0
            ? $"{kind}-{Convert.ToHexStringLower(hash)[..12]}"
            : $"{kind}-{text}-{Convert.ToHexStringLower(hash)[..12]}";
    }
}
