using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Workflows;

/// <summary>Retrains because the schedule or a person asked for it. It trains on all datasets in force of the champion's schema, or
/// of the newest dataset's schema while there is no champion. It is skipped, with a reason, if nothing changed.</summary>
public sealed class Retrain : Workflow<RetrainInput, TrainModelOutput>
{
    /// <summary>The setting of every host that says when to retrain.</summary>
    public const string ScheduleVariable = "RETRAIN_SCHEDULE";

    /// <summary>How it is started and called.</summary>
    public static WorkflowRef<RetrainInput, TrainModelOutput> Ref { get; } = new(nameof(Retrain));

    /// <inheritdoc/>
    public override Task<TrainModelOutput> RunAsync(IWorkflowContext context, RetrainInput input) =>
        context.CallWorkflowAsync(
            TrainModel.Ref,
            new TrainModelInput(input.Reason, DatasetId: null, input.Force, input.Settings),
            InstanceIds.Training(context.InstanceId));
}

/// <summary>The input of <see cref="Retrain"/>.</summary>
/// <param name="Reason">Who or what asked for it.</param>
/// <param name="Force">Train even if nothing changed.</param>
/// <param name="Settings">How to train, or null for the host's defaults.</param>
public sealed record RetrainInput(string Reason, bool Force, TrainingSettings? Settings);
