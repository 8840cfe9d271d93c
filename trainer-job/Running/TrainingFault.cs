using KeypointPipeline.Errors;
using KeypointPipeline.TrainerJob.Devices;
using KeypointPipeline.TrainerJob.Memory;
using KeypointPipeline.TrainerJob.Onnx;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>Why a training failed.</summary>
/// <param name="Error">The reason, for people.</param>
/// <param name="Repeats">Whether any training on the same data with the same settings would fail in the same way. False if the machine may
/// be the cause: its devices, memory or libraries.</param>
internal sealed record TrainingFault(string Error, bool Repeats)
{
    /// <summary>Describes the exception that ended a training. Unusable rows, an unknown network, a loss that is not a number and a
    /// model that the export changes follow from data and settings.</summary>
    public static TrainingFault Of(Exception exception) => new(
        exception.Message,
        exception is DoesNotFitException fit ? fit.Repeats : exception is InvalidDataException or OnnxParityException
            or (InvalidOperationException and not ObjectDisposedException)
            or (UserErrorException and not UnusableDeviceException));
}
