using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace KeypointPipeline.Workflows;

/// <summary>Instance ids, derived from what started the instance: the same event twice starts one instance.</summary>
public static partial class InstanceIds
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

    /// <summary>For a retraining that a person requested, over HTTP or by running the schedule's function. The caller creates the id
    /// once.</summary>
    public static string RequestedRetrain(DateTimeOffset now) => $"retrain-{now.UtcDateTime:yyyyMMdd-HHmmss-fff}";

    /// <summary>For the training that an instance starts as its child. It is also the run id.</summary>
    public static string Training(string parentInstanceId) => TrainingPrefix + parentInstanceId;

    /// <summary>For the n-th group of chunks of a batch or of a section.</summary>
    public static string ChunkGroup(string parentInstanceId, int group) => Part(parentInstanceId, 'g', group);

    /// <summary>For a section of a batch.</summary>
    public static string Section(string parentInstanceId, int section) => Part(parentInstanceId, 's', section);

    /// <summary>For the n-th node of sections of a batch or of another node.</summary>
    public static string SectionNode(string parentInstanceId, int node) => Part(parentInstanceId, 'n', node);

    /// <summary>For the n-th instance that lists pages of a batch.</summary>
    public static string Listing(string batchInstanceId, int part) => Part(batchInstanceId, 'l', part);

    /// <summary>The instance that started this one as its child, or null if the id is not a child's. It is null for every id that the
    /// methods above derive from an event.</summary>
    public static string? ParentOf(string instanceId)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        if (instanceId.StartsWith(TrainingPrefix, StringComparison.Ordinal))
            return instanceId[TrainingPrefix.Length..];
        Match part = PartEnding().Match(instanceId);
        return part.Success ? instanceId[..part.Index] : null;
    }

    /// <summary>The instance that an event or a person started and that this one works for: the last of its ancestors, or itself.</summary>
    public static string RootOf(string instanceId) => ParentOf(instanceId) is string parent ? RootOf(parent) : instanceId;

    /// <summary>For the n-th child of its kind. <see cref="ParentOf"/> must recognise it: the kind is one letter from g to z, which no
    /// hash contains, and the number has at least four digits.</summary>
    private static string Part(string parent, char kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{parent}-{kind}{number:0000}");

    [GeneratedRegex(@"-[g-z][0-9]{4,}\z", RegexOptions.NonBacktracking)]
    private static partial Regex PartEnding();

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
