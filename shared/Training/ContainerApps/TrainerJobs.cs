using Azure.Core;

namespace KeypointPipeline.Training.ContainerApps;

/// <summary>The Container Apps jobs that can train, best first. A job's hardware is fixed when it is deployed, so there is one job
/// for each deployed workload profile: A100, then T4, then CPU.</summary>
public sealed class TrainerJobs
{
    /// <summary>The setting that lists them.</summary>
    public const string Variable = "TRAINER_JOBS";

    private const string JobType = "Microsoft.App/jobs";

    private TrainerJobs(IReadOnlyList<ResourceIdentifier> ids)
    {
        Ids = ids;
    }

    /// <summary>Their resource ids, at least one.</summary>
    public IReadOnlyList<ResourceIdentifier> Ids { get; }

    /// <summary>Reads the setting.</summary>
    /// <param name="text">Full resource ids, separated by commas.</param>
    /// <exception cref="FormatException">There is no id, or one is not the id of a Container Apps job.</exception>
    public static TrainerJobs Parse(string? text)
    {
        string[] parts = (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 0
            ? throw new FormatException(
                $"{Variable} is empty. Set it to the resource ids of the Container Apps jobs that can train, best first, separated by commas.")
            : new TrainerJobs([.. parts.Select(ParseId)]);
    }

    private static ResourceIdentifier ParseId(string text) =>
        ResourceIdentifier.TryParse(text, out ResourceIdentifier? id) && id!.ResourceType == JobType
            ? id
            : throw new FormatException(
                $"{Variable} names '{text}'; expected /subscriptions/…/resourceGroups/…/providers/{JobType}/<name>.");
}
