using KeypointPipeline.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Storage;

/// <summary>Owns the storage server and restarts it if it ended by itself, for example because the system killed it to free memory.
/// The address stays the same, so clients only notice a short outage.</summary>
internal sealed class StorageKeeper : IAsyncDisposable
{
    private readonly AzuriteOptions _options;
    private AzuriteServer _server;

    private StorageKeeper(AzuriteOptions options, AzuriteServer server)
    {
        _options = options;
        _server = server;
        ConnectionString = server.ConnectionString;
    }

    /// <summary>Connection string of the storage. Holds the key: never log it.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts or adopts the server.</summary>
    public static async Task<StorageKeeper> StartAsync(AzuriteOptions options, CancellationToken cancellationToken) =>
        new(options, await AzuriteServer.StartAsync(options, cancellationToken));

    /// <summary>Opens the storage.</summary>
    public PipelineStorage OpenStorage() => PipelineStorage.Open(ConnectionString);

    /// <summary>Restarts the server if it has ended.</summary>
    /// <returns>Whether the server was restarted.</returns>
    /// <exception cref="StorageServerException">The server does not start, or its address is not free.</exception>
    public async Task<bool> RestartIfEndedAsync(CancellationToken cancellationToken)
    {
        if (_server.Process.IsRunning())
            return false;
        _server = await AzuriteServer.StartAsync(_options with { Port = _server.Port }, cancellationToken);
        return true;
    }

    /// <summary>Stops the server.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

/// <summary>Restarts the storage server while the host runs, whenever it has ended.</summary>
internal sealed class StorageKeeperService(StorageKeeper keeper, PipelineStorage storage, ILogger<StorageKeeperService> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private bool _away;

    /// <summary>Creates the containers, which services that start later need. The server may die and restart meanwhile.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await storage.EnsureContainersAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await RestartIfEndedAsync(stoppingToken);
    }

    private async Task RestartIfEndedAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await keeper.RestartIfEndedAsync(cancellationToken))
                logger.LogWarning("The storage server had ended by itself and was restarted. No acknowledged write is lost");
            _away = false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (!_away)
                logger.LogError("The storage server ended and does not start. The host retries until it starts: {Reason}", e.Message);
            _away = true;
        }
    }
}
