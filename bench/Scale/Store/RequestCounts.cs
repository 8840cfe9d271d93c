namespace KeypointPipeline.Bench.Scale.Store;

/// <summary>Counts requests by kind, and the bytes of their bodies. Any thread may count.</summary>
internal sealed class RequestCounts
{
    private readonly long[] _requests = new long[Enum.GetValues<StoreOperation>().Length];
    private long _received;
    private long _sent;

    /// <summary>Bytes that the store received.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Bytes of blobs that the store sent, without listings.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Requests of all kinds.</summary>
    public long All => Enum.GetValues<StoreOperation>().Sum(Of);

    /// <summary>Requests of one kind.</summary>
    public long Of(StoreOperation operation) => Interlocked.Read(ref _requests[(int)operation]);

    /// <summary>Counts a request.</summary>
    public void Add(StoreOperation operation) => Interlocked.Increment(ref _requests[(int)operation]);

    /// <summary>Counts bytes of a request.</summary>
    public void AddReceived(long bytes) => Interlocked.Add(ref _received, bytes);

    /// <summary>Counts bytes of a response.</summary>
    public void AddSent(long bytes) => Interlocked.Add(ref _sent, bytes);
}
