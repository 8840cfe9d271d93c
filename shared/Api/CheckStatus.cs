namespace KeypointPipeline.Api;

/// <summary>Body of Durable Functions' check-status response (202): where to ask about, signal, end and purge an instance.
/// <c>{eventName}</c> and <c>{text}</c> are for the client to fill in.</summary>
/// <param name="Id">The instance's id.</param>
/// <param name="StatusQueryGetUri">GET: 202 while it runs, 200 when it has ended; also the <c>Location</c> header.</param>
/// <param name="SendEventPostUri">POST: raises an event.</param>
/// <param name="TerminatePostUri">POST: ends it.</param>
/// <param name="PurgeHistoryDeleteUri">DELETE: forgets it, once ended.</param>
public sealed record CheckStatus(
    string Id, string StatusQueryGetUri, string SendEventPostUri, string TerminatePostUri, string PurgeHistoryDeleteUri)
{
    /// <summary>How long clients should wait between two questions: the <c>Retry-After</c> header.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);
}
