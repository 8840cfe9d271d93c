using Azure;
using Azure.Storage.Blobs;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Local.Storage;

/// <summary>Azurite's blob service on a free loopback port. Its process outlives this one: if the owner dies, the next owner of the
/// folder adopts the running server. Acknowledged writes survive any end of the server (<c>change-log.cjs</c>).</summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    /// <summary>Most attempts to start a server. A server may be killed before it answers, and the next start can still succeed.</summary>
    private const int MostStarts = 3;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    private readonly AzuriteFolder _folder;
    private readonly AzuriteState _state;
    private readonly string _key;
    private readonly string _firstAccount;
    private bool _stopped;

    private AzuriteServer(AzuriteFolder folder, AzuriteState state, string key, string firstAccount)
    {
        _folder = folder;
        _state = state;
        _key = key;
        _firstAccount = firstAccount;
    }

    /// <summary>The loopback port.</summary>
    public int Port => _state.Port;

    /// <summary>The server's process.</summary>
    public ProcessIdentity Process => _state.Process;

    /// <summary>Connection string of the first account. Holds the key: never log it.</summary>
    public string ConnectionString => ConnectionStringOf(_firstAccount);

    /// <summary>Installs Azurite if necessary, starts it or adopts the running server of the folder, and waits until it answers.</summary>
    /// <exception cref="MissingToolException">Node or npm is missing or too old, or Azurite could not be installed.</exception>
    /// <exception cref="StorageServerException">Azurite ends instead of listening, or does not answer. The message contains its output.</exception>
    public static async Task<AzuriteServer> StartAsync(AzuriteOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.Accounts.Count, nameof(options.Accounts));
        string path = Path.GetFullPath(options.DataFolder);
        Directory.CreateDirectory(path);
        var folder = new AzuriteFolder(path);
        string key = folder.ReadOrCreateKey();
        folder.Claim();

        AzuriteState? last = folder.ReadState();
        try
        {
            if (DetachedProcess.Find(folder.StartedFile) is { } unknown && unknown != last?.Process && unknown.IsRunning())
            {
                // The owner died before it knew the port of its server. Two servers would corrupt the folder.
                await StopAsync(folder, unknown, cancellationToken);
                folder.Claim();
            }

            return await TryAdoptAsync(folder, last, key, options, cancellationToken)
                ?? await LaunchAsync(folder, last, key, options, cancellationToken);
        }
        catch
        {
            // A failed start leaves no server behind.
            if (DetachedProcess.Find(folder.StartedFile) is { } started)
                await StopAsync(folder, started, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Opens the storage of a server that another process of this user runs, without becoming its owner.</summary>
    /// <param name="dataFolder">The server's folder.</param>
    /// <param name="account">An account of the server.</param>
    /// <returns>Null if no server runs.</returns>
    public static PipelineStorage? FindRunning(string dataFolder, string account = "keypoints")
    {
        var folder = new AzuriteFolder(Path.GetFullPath(dataFolder));
        return folder.ReadState() is { } state && state.Process.IsRunning()
            ? new AzuriteServer(folder, state, folder.ReadOrCreateKey(), account).OpenStorage()
            : null;
    }

    /// <summary>Gets the connection string of one of <see cref="AzuriteOptions.Accounts"/>. Holds the key: never log it.</summary>
    public string ConnectionStringOf(string account) =>
        $"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={_key};BlobEndpoint=http://127.0.0.1:{Port}/{account};";

    /// <summary>Opens the storage of the first account.</summary>
    public PipelineStorage OpenStorage() => PipelineStorage.Open(ConnectionString);

    /// <summary>Lets the server save and close. Kills it only if it does not close.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped)
            return;
        await StopAsync(_folder, Process, cancellationToken);
        _stopped = true;
    }

    /// <summary>Stops the server.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private static async Task<AzuriteServer?> TryAdoptAsync(
        AzuriteFolder folder, AzuriteState? last, string key, AzuriteOptions options, CancellationToken cancellationToken)
    {
        if (last is null || !last.Process.IsRunning())
            return null;
        var survivor = new AzuriteServer(folder, last, key, options.Accounts[0]);
        if (await survivor.AnswersAsync(cancellationToken))
            return survivor;
        await survivor.StopAsync(cancellationToken);
        folder.Claim();
        return null;
    }

    private static async Task<AzuriteServer> LaunchAsync(
        AzuriteFolder folder, AzuriteState? last, string key, AzuriteOptions options, CancellationToken cancellationToken)
    {
        for (int start = 1; ; start++)
        {
            try
            {
                return await LaunchOnceAsync(folder, last, key, options, cancellationToken);
            }
            catch (StorageServerException) when (start < MostStarts && DetachedProcess.Find(folder.StartedFile)?.IsRunning() != true)
            {
                // The server ended by itself, so another start may help. A server that runs without an answer would not answer next time.
            }
        }
    }

    private static async Task<AzuriteServer> LaunchOnceAsync(
        AzuriteFolder folder, AzuriteState? last, string key, AzuriteOptions options, CancellationToken cancellationToken)
    {
        AzuriteState state = await AzuriteLauncher.StartAsync(folder, options, key, preferredPort: last?.Port, cancellationToken);
        folder.WriteState(state);
        var server = new AzuriteServer(folder, state, key, options.Accounts[0]);
        return await server.AnswersAsync(cancellationToken)
            ? server
            : throw new StorageServerException($"Azurite listened on port {state.Port} but does not answer (log: {folder.Log})");
    }

    private static async Task StopAsync(AzuriteFolder folder, ProcessIdentity process, CancellationToken cancellationToken)
    {
        folder.Disown();
        if (!await process.WaitForEndAsync(StopPatience, cancellationToken))
            process.Kill();
        await process.WaitForEndAsync(StopPatience, cancellationToken);
    }

    /// <summary>Gets whether the server answers a request signed with the folder's key. No other server does.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await new BlobServiceClient(ConnectionString, StoragePatience.ForProbe()).GetPropertiesAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
