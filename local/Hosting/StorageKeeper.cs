using KeypointPipeline.Local.Azurite;
using KeypointPipeline.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Hosting;

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
    /// <exception cref="InvalidOperationException">Its old address is no longer free.</exception>
    public async Task<bool> RestartIfEndedAsync(CancellationToken cancellationToken)
    {
        if (_server.Process.IsRunning())
            return false;
        int port = _server.Port;
        _server = await AzuriteServer.StartAsync(_options, cancellationToken);
        if (_server.Port != port)
            throw new InvalidOperationException($"The storage server ended and its port {port} was taken in the meantime; stop this host and start it again.");
        await OpenStorage().EnsureContainersAsync(cancellationToken);
        return true;
    }

    /// <summary>Stops the server.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

/// <summary>Looks after the storage server while the host runs.</summary>
internal sealed class StorageKeeperService(StorageKeeper keeper, ILogger<StorageKeeperService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (await keeper.RestartIfEndedAsync(stoppingToken))
                logger.LogError("The storage server had ended by itself and was started again; what it was given in the last seconds may be lost");
        }
    }
}
