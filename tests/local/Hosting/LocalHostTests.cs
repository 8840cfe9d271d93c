using System.Net;
using System.Net.Sockets;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Local.Tests.Http;
using KeypointPipeline.Network;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.Local.Tests.Hosting;

public sealed class LocalHostTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_under_way_goes_on_after_a_restart_and_what_was_dropped_meanwhile_starts()
    {
        using TemporaryFolder home = TestFolder.Create("host");
        string id;
        await using (LocalHost first = await LocalHost.StartAsync(HttpHost.Options(home.Path), Cancel))
        {
            id = await DropAsync(first, "a.csv");
            await Eventually.TrueAsync(async () => await first.Workflows.GetAsync(id, Cancel) is not null);
            Assert.Equal(first.Url, HostLock.FindRunning(home.Path)?.Url);
        }

        await using LocalHost second = await LocalHost.StartAsync(HttpHost.Options(home.Path), Cancel);
        await second.Workflows.RaiseEventAsync(id, "go", "1", Cancel);
        await Eventually.TrueAsync(
            async () => (await second.Workflows.GetAsync(id, Cancel))!.RuntimeStatus == WorkflowRuntimeStatus.Completed);

        Assert.Single(await second.Workflows.ListAsync(new WorkflowQuery(), Cancel));
    }

    [Fact]
    public async Task A_second_host_is_refused_and_the_first_goes_on()
    {
        using TemporaryFolder home = TestFolder.Create("host");
        await using LocalHost first = await LocalHost.StartAsync(HttpHost.Options(home.Path), Cancel);

        HostAlreadyRunningException refusal = await Assert.ThrowsAsync<HostAlreadyRunningException>(
            () => LocalHost.StartAsync(HttpHost.Options(home.Path), Cancel));

        Assert.Equal(first.Url, refusal.Other?.Url);
        using HttpClient http = LocalHttp.CreateClient(first.Url);
        using HttpResponseMessage health = await http.GetAsync("/api/health", Cancel);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task A_taken_port_is_named_and_leaves_nothing_behind()
    {
        using TemporaryFolder home = TestFolder.Create("host");
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        int port = ((IPEndPoint)squatter.LocalEndpoint).Port;

        PortTakenException refusal = await Assert.ThrowsAsync<PortTakenException>(
            () => LocalHost.StartAsync(HttpHost.Options(home.Path) with { Port = port }, Cancel));

        Assert.Contains($"{port}", refusal.Message, StringComparison.Ordinal);
        await using LocalHost next = await LocalHost.StartAsync(HttpHost.Options(home.Path), Cancel);
    }

    [Fact]
    public async Task A_storage_server_that_died_is_started_again_under_its_address_with_all_that_it_had_taken()
    {
        using TemporaryFolder home = TestFolder.Create("host");
        await using LocalHost host = await LocalHost.StartAsync(HttpHost.Options(home.Path), Cancel);
        string first = await DropAsync(host, "a.csv");

        Storage(home).Process.Kill();

        string second = await DropAsync(host, "b.csv");
        foreach (string id in new[] { first, second })
            await Eventually.TrueAsync(async () => await host.Workflows.GetAsync(id, Cancel) is not null);
    }

    [Fact]
    public async Task A_storage_server_that_died_is_started_again_as_soon_as_its_port_is_free()
    {
        using TemporaryFolder home = TestFolder.Create("host");
        await using LocalHost host = await LocalHost.StartAsync(HttpHost.Options(home.Path), Cancel);
        AzuriteState server = Storage(home);
        server.Process.Kill();
        using (TcpListener squatter = await ListenAsync(server.Port))
            await Eventually.TrueAsync(() => LogOf(home).Contains("does not start. The host retries", StringComparison.Ordinal));

        string id = await DropAsync(host, "a.csv");

        await Eventually.TrueAsync(async () => await host.Workflows.GetAsync(id, Cancel) is not null);
        Assert.Equal(server.Port, Storage(home).Port);
    }

    [Fact]
    public async Task A_storage_server_whose_owner_died_before_it_heard_of_it_gives_way_to_another()
    {
        using TemporaryFolder home = TestFolder.Create("host");
        var options = new AzuriteOptions { DataFolder = new LocalHostFiles(home.Path).Storage };
        AzuriteServer unknown = await AzuriteServer.StartAsync(options, Cancel);
        File.Delete(Path.Combine(options.DataFolder, "server.json"));

        await using LocalHost host = await LocalHost.StartAsync(HttpHost.Options(home.Path), Cancel);

        Assert.False(unknown.Process.IsRunning());
        Assert.NotEqual(unknown.Process, Storage(home).Process);
    }

    [Fact]
    public async Task The_log_holds_named_values_and_no_key()
    {
        using TemporaryFolder home = TestFolder.Create("host");
        await using (LocalHost host = await LocalHost.StartAsync(HttpHost.Options(home.Path), Cancel))
        {
            string id = await DropAsync(host, "a.csv");
            await Eventually.TrueAsync(() => LogOf(home).Contains($"\"InstanceId\":\"{id}\"", StringComparison.Ordinal));
        }

        string log = await File.ReadAllTextAsync(new LocalHostFiles(home.Path).Log, Cancel);
        string key = await File.ReadAllTextAsync(Path.Combine(home.Path, "storage", "account.key"), Cancel);
        Assert.DoesNotContain(key, log, StringComparison.Ordinal);
    }

    private static AzuriteState Storage(TemporaryFolder home) =>
        new AzuriteFolder(new LocalHostFiles(home.Path).Storage).ReadState()!;

    private static string LogOf(TemporaryFolder home)
    {
        using var log = new StreamReader(new FileStream(
            new LocalHostFiles(home.Path).Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return log.ReadToEnd();
    }

    /// <summary>Takes a port as soon as it is free.</summary>
    private static Task<TcpListener> ListenAsync(int port) => Eventually.FoundAsync(
        () =>
        {
            var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return Task.FromResult<TcpListener?>(listener);
            }
            catch (SocketException)
            {
                listener.Dispose();
                return Task.FromResult<TcpListener?>(null);
            }
        },
        $"port {port}");

    private static async Task<string> DropAsync(LocalHost host, string name)
    {
        var upload = await host.Storage.Blob(BlobLayout.Datasets, name).UploadAsync(BinaryData.FromString("x"), overwrite: true, Cancel);
        return InstanceIds.Ingest(name, upload.Value.ETag.ToString());
    }
}
