using Azure.Storage.Blobs;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Storage;

public sealed class AzuriteServerTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_stored_is_there_after_a_graceful_stop_and_a_new_start()
    {
        using TemporaryFolder folder = TestFolder.Create("azurite");
        AzuriteServer first = await AzuriteServer.StartAsync(Options(folder), Cancel);
        await first.OpenStorage().EnsureContainersAsync(Cancel);
        await WriteAsync(first, "grüße 1.csv", "kept");
        await first.StopAsync(Cancel);

        await using AzuriteServer second = await AzuriteServer.StartAsync(Options(folder), Cancel);

        Assert.NotEqual(first.Process, second.Process);
        Assert.Equal("kept", await ReadAsync(second, "grüße 1.csv"));
    }

    [Fact]
    public async Task A_server_whose_owner_vanished_is_adopted_with_what_it_holds_in_memory()
    {
        using TemporaryFolder folder = TestFolder.Create("azurite");
        AzuriteServer abandoned = await AzuriteServer.StartAsync(Options(folder), Cancel);
        await abandoned.OpenStorage().EnsureContainersAsync(Cancel);
        await WriteAsync(abandoned, "a.csv", "not saved yet");

        await using AzuriteServer heir = await AzuriteServer.StartAsync(Options(folder), Cancel);

        Assert.Equal(abandoned.Process, heir.Process);
        Assert.Equal("not saved yet", await ReadAsync(heir, "a.csv"));
    }

    [Fact]
    public async Task A_server_that_died_is_replaced_on_the_same_port_so_that_clients_find_it_again()
    {
        using TemporaryFolder folder = TestFolder.Create("azurite");
        AzuriteServer dead = await AzuriteServer.StartAsync(Options(folder), Cancel);
        dead.Process.Kill();
        await dead.Process.WaitForEndAsync(TimeSpan.FromSeconds(10), Cancel);

        await using AzuriteServer next = await AzuriteServer.StartAsync(Options(folder), Cancel);

        Assert.NotEqual(dead.Process, next.Process);
        Assert.Equal(dead.Port, next.Port);
        await next.OpenStorage().EnsureContainersAsync(Cancel);
    }

    [Fact]
    public async Task A_server_that_is_killed_while_it_starts_is_started_again_on_its_port()
    {
        using TemporaryFolder folder = TestFolder.Create("azurite");
        AzuriteServer stopped = await AzuriteServer.StartAsync(Options(folder), Cancel);
        await stopped.StopAsync(Cancel);

        Task killing = KillNextStartsAsync(folder, count: 2, known: [stopped.Process]);
        await using AzuriteServer third = await AzuriteServer.StartAsync(Options(folder), Cancel);
        await killing;

        Assert.Equal(stopped.Port, third.Port);
        await third.OpenStorage().EnsureContainersAsync(Cancel);
    }

    [Fact]
    public async Task A_server_that_cannot_start_is_an_error_that_says_what_it_printed()
    {
        using TemporaryFolder folder = TestFolder.Create("azurite");
        await File.WriteAllTextAsync(folder.File("data"), "where its data should lie", Cancel);

        var error = await Assert.ThrowsAsync<StorageServerException>(() => AzuriteServer.StartAsync(Options(folder), Cancel));

        Assert.Matches("ENOTDIR|EEXIST", error.Message);
        Assert.Contains(folder.File("azurite.log"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_it_must_have_and_another_program_has_is_named()
    {
        using TemporaryFolder folder = TestFolder.Create("azurite");
        using var squatter = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port: 0);
        squatter.Start();
        int port = ((System.Net.IPEndPoint)squatter.LocalEndpoint).Port;

        var error = await Assert.ThrowsAsync<StorageServerException>(
            () => AzuriteServer.StartAsync(Options(folder) with { Port = port }, Cancel));

        Assert.Contains($"Port {port} is not free", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_left_alone()
    {
        using TemporaryFolder folder = TestFolder.Create("azurite");
        int port;
        await using (AzuriteServer first = await AzuriteServer.StartAsync(Options(folder), Cancel))
            port = first.Port;
        using var squatter = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        squatter.Start();

        await using AzuriteServer second = await AzuriteServer.StartAsync(Options(folder), Cancel);

        Assert.NotEqual(port, second.Port);
        await second.OpenStorage().EnsureContainersAsync(Cancel);
    }

    [Fact]
    public async Task A_server_whose_owner_was_killed_waits_to_be_adopted_by_the_next()
    {
        using TemporaryFolder folder = TestFolder.Create("azurite");
        AzuriteServer orphan = await AzuriteServer.StartAsync(Options(folder), Cancel);
        await orphan.OpenStorage().EnsureContainersAsync(Cancel);
        using var owner = System.Diagnostics.Process.Start("sleep", "600");
        await File.WriteAllTextAsync(folder.File("owner"), owner.Id.ToString(), Cancel);
        owner.Kill();
        await owner.WaitForExitAsync(Cancel);

        // The server looks at its owner five times a second.
        await Task.Delay(TimeSpan.FromSeconds(1), Cancel);
        await WriteAsync(orphan, "a.csv", "written by a trainer that outlived the host");
        await using AzuriteServer heir = await AzuriteServer.StartAsync(Options(folder), Cancel);

        Assert.Equal(orphan.Process, heir.Process);
        Assert.Equal("written by a trainer that outlived the host", await ReadAsync(heir, "a.csv"));
    }

    [Fact]
    public async Task An_orphan_closes_by_itself_once_its_grace_is_over()
    {
        using TemporaryFolder folder = TestFolder.Create("azurite");
        AzuriteServer server = await AzuriteServer.StartAsync(Options(folder) with { OrphanGrace = TimeSpan.Zero }, Cancel);
        using var owner = System.Diagnostics.Process.Start("sleep", "0");
        await owner.WaitForExitAsync(Cancel);

        await File.WriteAllTextAsync(folder.File("owner"), owner.Id.ToString(), Cancel);

        Assert.True(await server.Process.WaitForEndAsync(TimeSpan.FromSeconds(20), Cancel));
    }

    [Fact]
    public async Task Only_the_folders_own_key_is_let_in()
    {
        using TemporaryFolder folder = TestFolder.Create("azurite");
        await using AzuriteServer server = await AzuriteServer.StartAsync(Options(folder), Cancel);
        string wellKnown = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey="
            + "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
            + $"BlobEndpoint=http://127.0.0.1:{server.Port}/devstoreaccount1;";

        Azure.RequestFailedException refusal = await Assert.ThrowsAsync<Azure.RequestFailedException>(
            () => new BlobServiceClient(wellKnown, StoragePatience.ForSteps()).GetPropertiesAsync(Cancel));

        Assert.InRange(refusal.Status, 400, 404);
    }

    [Fact]
    public async Task Accounts_do_not_see_each_other()
    {
        TestStorage one = await azurite.NewStorageAsync(Cancel);
        TestStorage other = await azurite.NewStorageAsync(Cancel);

        await one.Storage.Blob(BlobLayout.Datasets, "a.csv").UploadAsync(BinaryData.FromString("x"), Cancel);

        Assert.False(await other.Storage.Blob(BlobLayout.Datasets, "a.csv").ExistsAsync(Cancel));
    }

    private static Task KillNextStartsAsync(TemporaryFolder folder, int count, List<ProcessIdentity> known) => Eventually.TrueAsync(
        () =>
        {
            if (DetachedProcess.Find(folder.File("started.json")) is { } started && !known.Contains(started))
            {
                started.Kill();
                known.Add(started);
                count--;
            }

            return count == 0;
        },
        "the next starts");

    private static AzuriteOptions Options(TemporaryFolder folder) => new() { DataFolder = folder.Path };

    private static async Task WriteAsync(AzuriteServer server, string name, string content) =>
        await server.OpenStorage().Blob(BlobLayout.Datasets, name).UploadAsync(BinaryData.FromString(content), Cancel);

    private static async Task<string> ReadAsync(AzuriteServer server, string name) =>
        (await server.OpenStorage().Blob(BlobLayout.Datasets, name).DownloadContentAsync(Cancel)).Value.Content.ToString();
}
