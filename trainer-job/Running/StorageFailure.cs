using System.Net.Sockets;
using Azure;
using KeypointPipeline.Storage;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>Tells storage outages and full disks from other failures. After these, another start can continue the training.</summary>
internal static class StorageFailure
{
    /// <summary>Whether storage was unreachable, overloaded, silent or refused a request, a connection broke, or the local disk is
    /// full.</summary>
    public static bool Is(Exception exception) => exception switch
    {
        AggregateException many => many.InnerExceptions.Any(Is), // thrown by the client after its last retry
        RequestFailedException or HttpIOException => true,
        IOException { InnerException: SocketException } => true,
        OperationCanceledException => true, // a silent server: callers handle their own cancellation before
        _ => FullDisk.Is(exception),
    };
}
