using KeypointPipeline.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Storage;

/// <summary>Owns the storage server and starts it anew where it ended by itself (the system may have killed it for memory).
/// The address stays the same, so clients only see it away for a while.</summary>
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

    /// <summary>Opens the storage. Holds the key: never log it.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts or adopts the server.</summary>
    public static async Task<StorageKeeper> StartAsync(AzuriteOptions options, CancellationToken cancellationToken) =>
        new(options, await AzuriteServer.StartAsync(options, cancellationToken));

    /// <summary>The storage.</summary>
    public PipelineStorage OpenStorage() => PipelineStorage.Open(ConnectionString);

    /// <summary>Starts the server anew if it has ended.</summary>
    /// <returns>Whether it had.</returns>
    /// <exception cref="StorageServerException">It does not start, or its address is not free.</exception>
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

/// <summary>Looks after the storage server while the host runs.</summary>
internal sealed class StorageKeeperService(StorageKeeper keeper, PipelineStorage storage, ILogger<StorageKeeperService> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private bool _away;

    /// <summary>What starts after this finds the containers; the server may die and come back meanwhile.</summary>
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
                logger.LogWarning("The storage server had ended by itself and was started again; nothing that it had taken is lost");
            _away = false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (!_away)
                logger.LogError("The storage server ended and does not start, tried again until it does: {Reason}", e.Message);
            _away = true;
        }
    }
}
