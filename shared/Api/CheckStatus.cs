namespace KeypointPipeline.Api;

/// <summary>Body of Durable Functions' check-status response (202): the addresses to query, signal, terminate and purge an instance.
/// The client replaces <c>{eventName}</c> and <c>{text}</c>.</summary>
/// <param name="Id">The instance id.</param>
/// <param name="StatusQueryGetUri">GET: 202 while the instance runs, 200 when it has ended. Also the <c>Location</c> header.</param>
/// <param name="SendEventPostUri">POST: raises an event.</param>
/// <param name="TerminatePostUri">POST: terminates the instance.</param>
/// <param name="PurgeHistoryDeleteUri">DELETE: purges the history of an ended instance.</param>
public sealed record CheckStatus(
    string Id, string StatusQueryGetUri, string SendEventPostUri, string TerminatePostUri, string PurgeHistoryDeleteUri)
{
    /// <summary>Time that clients should wait between two requests: the <c>Retry-After</c> header.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);
}
