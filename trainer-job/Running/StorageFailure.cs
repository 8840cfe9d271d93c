using System.Net.Sockets;
using Azure;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>Tells a storage account that is away from everything else: the training itself is sound, and another start may go on.</summary>
internal static class StorageFailure
{
    /// <summary>Whether storage could not be reached, was overloaded, broke off or stayed silent, or refused what it grants at other
    /// times.</summary>
    public static bool Is(Exception exception) => exception switch
    {
        AggregateException many => many.InnerExceptions.Any(Is), // what the client throws after its last retry
        RequestFailedException or HttpIOException => true,
        IOException { InnerException: SocketException } => true,
        OperationCanceledException => true, // a silent server; what the caller cancels himself he knows
        _ => false,
    };
}
