using KeypointPipeline.Local.Storage;
using KeypointPipeline.Storage;

namespace KeypointPipeline.TestSupport;

/// <summary>One real Azurite per test process, started by the first test that asks for storage. Every test gets its own account, because
/// the container names are fixed.</summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    private const int AccountCount = 800;

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly TemporaryFolder _folder = TestFolder.Create("azurite");
    private AzuriteServer? _server;
    private int _accountsGiven;

    /// <summary>Creates an empty account with the pipeline's containers.</summary>
    public async Task<TestStorage> NewStorageAsync(CancellationToken cancellationToken)
    {
        AzuriteServer server = await StartedAsync(cancellationToken);
        int number = Interlocked.Increment(ref _accountsGiven);
        if (number > AccountCount)
            throw new InvalidOperationException($"More than {AccountCount} tests asked for storage; raise {nameof(AccountCount)}.");
        string connectionString = server.ConnectionStringOf(Account(number));
        var storage = PipelineStorage.Open(connectionString);
        await storage.EnsureContainersAsync(cancellationToken);
        return new TestStorage(storage, connectionString);
    }

    /// <summary>Stops the server and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
        _starting.Dispose();
    }

    private async Task<AzuriteServer> StartedAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            return _server ??= await AzuriteServer.StartAsync(
                new AzuriteOptions
                {
                    DataFolder = _folder.Path,
                    Accounts = [.. Enumerable.Range(1, AccountCount).Select(Account)],
                    OrphanGrace = TimeSpan.Zero,
                },
                cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    private static string Account(int number) => $"test{number:000}";
}

/// <summary>A test's own account.</summary>
/// <param name="Storage">The open storage.</param>
/// <param name="ConnectionString">For programs that open the account themselves.</param>
public sealed record TestStorage(PipelineStorage Storage, string ConnectionString);
