using KeypointPipeline.Api.Instances;
using KeypointPipeline.Port;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Api.Trainings;

/// <summary>Describes the instance of a training.</summary>
internal static class TrainingDescription
{
    /// <summary>Describes an instance.</summary>
    public static TrainingInfo Of(WorkflowStatus instance) => new(
        instance.InstanceId,
        instance.RuntimeStatus,
        instance.CreatedTime,
        instance.LastUpdatedTime,
        InstancePart.Read<TrainModelProgress>(instance.CustomStatus),
        instance.RuntimeStatus == WorkflowRuntimeStatus.Completed ? InstancePart.Read<TrainModelOutput>(instance.Output) : null,
        InstancePart.ReadError(instance));
}
