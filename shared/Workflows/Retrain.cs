using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Workflows;

/// <summary>A retraining that the schedule or a person asked for, on all accepted datasets of the newest schema in use. Skipped,
/// with a reason, when nothing changed.</summary>
public sealed class Retrain : Workflow<RetrainInput, TrainModelOutput>
{
    /// <summary>The setting of every host that says when to start it.</summary>
    public const string ScheduleVariable = "RETRAIN_SCHEDULE";

    /// <summary>How others call it.</summary>
    public static WorkflowRef<RetrainInput, TrainModelOutput> Ref { get; } = new(nameof(Retrain));

    /// <inheritdoc/>
    public override Task<TrainModelOutput> RunAsync(IWorkflowContext context, RetrainInput input) =>
        context.CallWorkflowAsync(
            TrainModel.Ref,
            new TrainModelInput(input.Reason, DatasetId: null, input.Force, input.Settings),
            InstanceIds.Training(context.InstanceId));
}

/// <summary>A retraining.</summary>
/// <param name="Reason">Who or what asked for it.</param>
/// <param name="Force">Train even when nothing changed.</param>
/// <param name="Settings">How to train, or null for the host's defaults.</param>
public sealed record RetrainInput(string Reason, bool Force, TrainingSettings? Settings);
