using KeypointPipeline.Errors;

namespace KeypointPipeline.TrainerJob.Memory;

/// <summary>A training does not fit into memory, so it was not started. The message has the estimate and what would fit.</summary>
/// <param name="message">The message.</param>
/// <param name="repeats">Whether it fits on no machine.</param>
public sealed class DoesNotFitException(string message, bool repeats) : UserErrorException(message, innerException: null, ExitCodes.DoesNotFit)
{
    /// <summary>Whether it fits on no machine. Otherwise a machine with more memory can train it.</summary>
    public bool Repeats { get; } = repeats;
}
