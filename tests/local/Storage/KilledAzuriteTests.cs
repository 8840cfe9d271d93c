using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Storage;

/// <summary>Azurite keeps its index in memory: what <c>change-log.cjs</c> adds to it.</summary>
public sealed class KilledAzuriteTests
{
    private const int Clients = 4;
    private const int ChangesEach = 30;
    private const int NamesEach = 6;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_is_there_after_kill_9_again_and_again()
    {
        using TemporaryFolder folder = TestFolder.Create("azurite");
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int round = 0; round < 3; round++)
        {
            AzuriteServer server = await AzuriteServer.StartAsync(Options(folder), Cancel);
            BlobContainerClient container = server.OpenStorage().Container(BlobLayout.Datasets);
            await container.CreateIfNotExistsAsync(cancellationToken: Cancel);
            Assert.Equal(expected, await ReadAllAsync(container));

            SortedDictionary<string, string>[] acknowledged = await Task.WhenAll(
                Enumerable.Range(0, Clients).Select(client => ChangeAsync(container, client, seed: (round * Clients) + client, expected)));
            await KillAsync(server);

            expected = new(acknowledged.SelectMany(own => own).ToDictionary(), StringComparer.Ordinal);
        }

        await using AzuriteServer last = await AzuriteServer.StartAsync(Options(folder), Cancel);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, await ReadAllAsync(last.OpenStorage().Container(BlobLayout.Datasets)));
    }

    [Fact]
    public async Task A_line_that_a_kill_cut_off_was_never_acknowledged_and_is_left_out()
    {
        using TemporaryFolder folder = TestFolder.Create("azurite");
        AzuriteServer server = await AzuriteServer.StartAsync(Options(folder), Cancel);
        BlobContainerClient container = server.OpenStorage().Container(BlobLayout.Datasets);
        await container.CreateAsync(cancellationToken: Cancel);
        await container.UploadBlobAsync("whole.csv", BinaryData.FromString("1"), Cancel);
        await KillAsync(server);
        string log = Directory.EnumerateFiles(Path.Combine(folder.Path, "data"), "__azurite_db_blob__.json.log.*").Max()!;
        string lines = await File.ReadAllTextAsync(log, Cancel);
        await File.WriteAllTextAsync(log, lines + lines[..(lines.Length / 2)].Replace("whole.csv", "half.csv", StringComparison.Ordinal).TrimEnd('\n'), Cancel);

        await using AzuriteServer next = await AzuriteServer.StartAsync(Options(folder), Cancel);

        Assert.Equal(["whole.csv"], (await ReadAllAsync(next.OpenStorage().Container(BlobLayout.Datasets))).Keys);
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_more_fails_changes_and_loses_none_that_was_acknowledged()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "limits on the files of another process are Linux's");
        using TemporaryFolder folder = TestFolder.Create("azurite");
        AzuriteServer server = await AzuriteServer.StartAsync(Options(folder), Cancel);
        BlobClientOptions impatient = StoragePatience.ForSteps();
        impatient.Retry.MaxRetries = 0;
        BlobContainerClient container = new BlobServiceClient(server.ConnectionString, impatient).GetBlobContainerClient(BlobLayout.Datasets);
        await container.CreateAsync(cancellationToken: Cancel);
        await container.UploadBlobAsync("before.csv", BinaryData.FromString("1"), Cancel);
        await container.UploadBlobAsync("deleted.csv", BinaryData.FromString("2"), Cancel);

        FileSizeLimit.Set(server.Process.Pid, 0);
        RequestFailedException upload = await Assert.ThrowsAsync<RequestFailedException>(
            () => container.UploadBlobAsync("refused.csv", BinaryData.FromString("3"), Cancel));
        RequestFailedException delete = await Assert.ThrowsAsync<RequestFailedException>(
            () => container.DeleteBlobAsync("deleted.csv", cancellationToken: Cancel));
        FileSizeLimit.Remove(server.Process.Pid);
        await container.UploadBlobAsync("after.csv", BinaryData.FromString("4"), Cancel);
        SortedDictionary<string, string> seen = await ReadAllAsync(container);
        await KillAsync(server);

        await using AzuriteServer next = await AzuriteServer.StartAsync(Options(folder), Cancel);
        Assert.Equal((500, 500), (upload.Status, delete.Status));
        Assert.Equal(["after.csv", "before.csv"], seen.Keys);
        Assert.Equal(seen, await ReadAllAsync(next.OpenStorage().Container(BlobLayout.Datasets)));
    }

    /// <summary>Writes, overwrites, stages and commits blocks, and deletes, one change after the other, on blobs of its own.</summary>
    /// <returns>What is there by what was acknowledged.</returns>
    private static async Task<SortedDictionary<string, string>> ChangeAsync(
        BlobContainerClient container, int client, int seed, SortedDictionary<string, string> before)
    {
        var random = new Random(seed);
        var own = new SortedDictionary<string, string>(
            before.Where(blob => blob.Key.StartsWith($"{client}/", StringComparison.Ordinal)).ToDictionary(), StringComparer.Ordinal);
        var inBlocks = new BlobUploadOptions { TransferOptions = new() { InitialTransferSize = 10, MaximumTransferSize = 10 } };
        for (int i = 0; i < ChangesEach; i++)
        {
            string name = $"{client}/grüße {random.Next(NamesEach)}.csv";
            string content = $"{seed} {i} ".PadRight(random.Next(10, 60), '.');
            BlobClient blob = container.GetBlobClient(name);
            switch (random.Next(4))
            {
                case 0:
                    await blob.DeleteIfExistsAsync(cancellationToken: Cancel);
                    own.Remove(name);
                    continue;
                case 1:
                    await blob.UploadAsync(BinaryData.FromString(content).ToStream(), inBlocks, Cancel);
                    break;
                default:
                    await blob.UploadAsync(BinaryData.FromString(content), overwrite: true, Cancel);
                    break;
            }

            own[name] = content;
        }

        return own;
    }

    private static async Task<SortedDictionary<string, string>> ReadAllAsync(BlobContainerClient container)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (BlobItem blob in container.GetBlobsAsync(cancellationToken: Cancel))
            all.Add(blob.Name, (await container.GetBlobClient(blob.Name).DownloadContentAsync(Cancel)).Value.Content.ToString());
        return all;
    }

    private static async Task KillAsync(AzuriteServer server)
    {
        server.Process.Kill();
        Assert.True(await server.Process.WaitForEndAsync(TimeSpan.FromSeconds(10), Cancel));
    }

    private static AzuriteOptions Options(TemporaryFolder folder) => new() { DataFolder = folder.Path };
}
