using System.Text.Json.Nodes;
using KeypointPipeline.Errors;

namespace KeypointPipeline.Training.ContainerApps;

/// <summary>The parts of a Container Apps job that a start needs.</summary>
/// <param name="Properties">Its properties.</param>
public sealed record ContainerAppsJob(ContainerAppsJobProperties Properties);

/// <summary>Properties of a job.</summary>
/// <param name="Template">Its containers, unchanged: an override replaces the whole template, so a start sends all of it again.</param>
/// <param name="WorkloadProfileName">The hardware it runs on: a workload profile of the environment.</param>
public sealed record ContainerAppsJobProperties(JsonObject Template, string? WorkloadProfileName);

/// <summary>One execution of a job.</summary>
/// <param name="Name">Its name, unique within the job.</param>
/// <param name="Properties">Its properties; missing in the answer to a start.</param>
public sealed record JobExecution(string Name, JobExecutionProperties? Properties = null)
{
    /// <summary>Whether it has ended, successfully or not. An execution that is Running, Processing or Unknown has not ended. Degraded
    /// means that a container failed and may be retried, so a degraded execution has ended only if it has an end time.</summary>
    public bool HasEnded => Properties?.Status switch
    {
        "Succeeded" or "Failed" or "Stopped" => true,
        "Degraded" => !string.IsNullOrEmpty(Properties.EndTime),
        _ => false,
    };

    /// <summary>How a signal ended the trainer, in words; null if none did or Azure does not say.</summary>
    public string? End => Properties is not { DetailedStatus.Replicas: { } replicas }
        ? null
        : replicas.SelectMany(replica => replica.Containers ?? [])
            .Where(container => Properties.Template?.Containers is not [{ Name: string trainer }, ..] || container.Name == trainer)
            .Select(container => container.Code is int code ? ExitCodes.DescribeSignal(code) : null)
            .FirstOrDefault(end => end is not null);

    /// <summary>Whether it was started for this run.</summary>
    public bool Trains(string runId) =>
        Properties?.Template?.Containers is [{ Args: { } arguments }, ..]
        && arguments.SequenceEqual(TrainerCommandLine.ForRun(runId), StringComparer.Ordinal);
}

/// <summary>Properties of an execution.</summary>
/// <param name="Status">Running, Processing, Stopped, Degraded, Failed, Unknown or Succeeded. Azure may add more.</param>
/// <param name="EndTime">When it ended, or null.</param>
/// <param name="Template">The template it was started with.</param>
/// <param name="DetailedStatus">How its containers ended. Azure gives it for some executions only.</param>
public sealed record JobExecutionProperties(
    string? Status, string? EndTime = null, JobExecutionTemplate? Template = null, JobExecutionDetail? DetailedStatus = null);

/// <summary>How the replicas of an execution ended. The shape is <c>ExecutionStatus</c> of Microsoft's client libraries for Microsoft.App.</summary>
/// <param name="Replicas">One for each try, in no stated order.</param>
public sealed record JobExecutionDetail(IReadOnlyList<JobExecutionReplica>? Replicas);

/// <summary>One try of an execution.</summary>
/// <param name="Containers">Its containers; the trainer is the one that <see cref="JobExecutionTemplate"/> lists first.</param>
public sealed record JobExecutionReplica(IReadOnlyList<JobContainerEnd>? Containers);

/// <summary>How a container ended.</summary>
/// <param name="Name">Its name in the template.</param>
/// <param name="Code">Its exit code, or null.</param>
public sealed record JobContainerEnd(string? Name, int? Code);

/// <summary>The template an execution was started with.</summary>
/// <param name="Containers">The first is the trainer.</param>
public sealed record JobExecutionTemplate(IReadOnlyList<JobExecutionContainer>? Containers);

/// <summary>A container of an execution.</summary>
/// <param name="Args">Its arguments.</param>
/// <param name="Name">Its name.</param>
public sealed record JobExecutionContainer(IReadOnlyList<string>? Args, string? Name = null);

/// <summary>A page of executions.</summary>
internal sealed record JobExecutionPage(IReadOnlyList<JobExecution> Value, string? NextLink = null);
