using KeypointPipeline.Keypoints;
using KeypointPipeline.Splits;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Memory;

/// <summary>What the memory of a training depends on.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Schema">Keypoints and frame.</param>
/// <param name="BatchSize">Images per step.</param>
/// <param name="TrainingRows">Number of training rows.</param>
/// <param name="ValidationRows">Number of validation rows.</param>
/// <param name="IsBFloat16">Whether the layers compute in bfloat16, otherwise in float32.</param>
public sealed record TrainingShape(
    string Network, KeypointSchema Schema, int BatchSize, int TrainingRows, int ValidationRows, bool IsBFloat16)
{
    /// <summary>The shape of a planned training.</summary>
    /// <param name="request">The training.</param>
    /// <param name="plan">Its row plan.</param>
    /// <param name="isBFloat16">Whether the layers compute in bfloat16.</param>
    public static TrainingShape Of(TrainingRequest request, RowPlan plan, bool isBFloat16)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(plan);
        return new TrainingShape(
            request.Settings.Network,
            request.Schema,
            request.Settings.BatchSize,
            plan.Count(RowSide.Training),
            plan.Count(RowSide.Validation),
            isBFloat16);
    }
}
