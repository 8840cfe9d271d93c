using System.Text.Json.Nodes;

namespace KeypointPipeline.Training.ContainerApps;

/// <summary>A Container Apps job, as far as a start needs it.</summary>
/// <param name="Properties">Its properties.</param>
public sealed record ContainerAppsJob(ContainerAppsJobProperties Properties);

/// <summary>Properties of a job.</summary>
/// <param name="Template">Its containers. Kept as it came: an override replaces the whole of it, so all must be sent again.</param>
/// <param name="WorkloadProfileName">The hardware it runs on, by its name in the environment.</param>
public sealed record ContainerAppsJobProperties(JsonObject Template, string? WorkloadProfileName);

/// <summary>One execution of a job.</summary>
/// <param name="Name">Its name; unique within the job.</param>
/// <param name="Properties">Missing in the answer to a start.</param>
public sealed record JobExecution(string Name, JobExecutionProperties? Properties = null)
{
    /// <summary>Whether it has ended, in whatever way. Not while Azure says Running, Processing or Unknown, nor while Degraded
    /// (some container failed and may be tried again) without an end.</summary>
    public bool HasEnded => Properties?.Status switch
    {
        "Succeeded" or "Failed" or "Stopped" => true,
        "Degraded" => !string.IsNullOrEmpty(Properties.EndTime),
        _ => false,
    };

    /// <summary>Whether it was started to train this run.</summary>
    public bool Trains(string runId) =>
        Properties?.Template?.Containers is [{ Args: { } arguments }, ..]
        && arguments.SequenceEqual(TrainerTemplate.Arguments(runId), StringComparer.Ordinal);
}

/// <summary>Properties of an execution.</summary>
/// <param name="Status">Running, Processing, Stopped, Degraded, Failed, Unknown or Succeeded; Azure may add more.</param>
/// <param name="EndTime">When it ended.</param>
/// <param name="Template">What it was started with.</param>
public sealed record JobExecutionProperties(string? Status, string? EndTime = null, JobExecutionTemplate? Template = null);

/// <summary>What an execution was started with.</summary>
/// <param name="Containers">The first is the trainer.</param>
public sealed record JobExecutionTemplate(IReadOnlyList<JobExecutionContainer>? Containers);

/// <summary>A container of an execution.</summary>
/// <param name="Args">Its arguments.</param>
public sealed record JobExecutionContainer(IReadOnlyList<string>? Args);

/// <summary>A page of executions.</summary>
internal sealed record JobExecutionPage(IReadOnlyList<JobExecution> Value, string? NextLink = null);
