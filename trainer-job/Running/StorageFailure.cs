using System.Net.Sockets;
using Azure;
using KeypointPipeline.Storage;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>Tells storage that is away or full from everything else: the training itself is sound, and another start may go on.</summary>
internal static class StorageFailure
{
    /// <summary>Whether storage could not be reached, was overloaded, broke off or stayed silent, or refused what it grants at other
    /// times, or the disk here is full.</summary>
    public static bool Is(Exception exception) => exception switch
    {
        AggregateException many => many.InnerExceptions.Any(Is), // what the client throws after its last retry
        RequestFailedException or HttpIOException => true,
        IOException { InnerException: SocketException } => true,
        OperationCanceledException => true, // a silent server; what the caller cancels himself he knows
        _ => FullDisk.Is(exception),
    };
}
