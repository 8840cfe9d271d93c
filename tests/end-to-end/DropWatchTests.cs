using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using KeypointPipeline.Errors;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.EndToEnd.Tests;

/// <summary>What <c>drop --watch</c> and <c>status --watch</c> tell a script: exit codes and JSON.</summary>
public sealed class DropWatchTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = TestFolder.Create("drop-watch");
    private LocalHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Home => _folder.File("home");

    public async ValueTask InitializeAsync() => _host = await LocalHost.StartAsync(SmallPipeline.Options(Home), Cancel);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_rejected_dataset_fails_with_the_reason_and_so_does_its_status()
    {
        await File.WriteAllTextAsync(_folder.File("rejected.csv"), "nose_x,nose_y\n1,2\n", Cancel);

        ToolResult dropped = await RunAsync("drop", _folder.File("rejected.csv"), "--watch");
        string instance = dropped.Output.Split("./keypoints status ")[1].Split(' ')[0];
        ToolResult watched = await RunAsync("status", instance, "--watch");
        ToolResult json = await RunAsync("status", instance, "--watch", "--json");

        Assert.Equal(ExitCodes.Failed, dropped.ExitCode);
        Assert.Contains("The dataset was rejected: ", dropped.Errors, StringComparison.Ordinal);
        Assert.Equal((ExitCodes.Failed, ExitCodes.Failed), (watched.ExitCode, json.ExitCode));
        using JsonDocument status = JsonDocument.Parse(json.Output);
        Assert.False(status.RootElement.GetProperty("output").GetProperty("accepted").GetBoolean());
    }

    [Fact]
    public async Task Unusable_images_fail_a_batch_only_if_no_image_is_left()
    {
        string dataset = await DrawnInputs.DrawDatasetAsync(_folder, rows: 60, seed: 2, Cancel);
        string images = await DrawnInputs.DrawImagesAsync(_folder, count: 3, Cancel);
        string broken = Zip("broken.zip", ("a.png", "no image"), ("b.png", "none either"));

        ToolResult trained = await RunAsync("drop", dataset, "--watch");
        ToolResult again = await RunAsync("drop", Copy(dataset, "same rows.zip"), "--watch", "--json");
        ToolResult partly = await RunAsync("drop", images, "--watch");
        ToolResult none = await RunAsync("drop", broken, "--watch", "--json");

        Assert.True(trained.ExitCode == ExitCodes.Success, trained.Output + trained.Errors);
        Assert.True(again.ExitCode == ExitCodes.Success, again.Output + again.Errors); // the training was not needed
        using (JsonDocument report = JsonDocument.Parse(again.Output))
            Assert.True(report.RootElement.GetProperty("succeeded").GetBoolean());
        Assert.True(partly.ExitCode == ExitCodes.Success, partly.Output + partly.Errors);
        Assert.Contains("1 of 4 images could not be predicted; results/", partly.Errors, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, none.ExitCode);
        using JsonDocument failed = JsonDocument.Parse(none.Output);
        Assert.False(failed.RootElement.GetProperty("succeeded").GetBoolean());
        Assert.Equal(
            "None of the 2 images could be predicted; results/broken/errors.csv says why.", failed.RootElement.GetProperty("reason").GetString());
        Assert.Equal("completed", failed.RootElement.GetProperty("instance").GetProperty("runtimeStatus").GetString());
    }

    [Fact]
    public async Task A_terminated_instance_fails_the_drop_that_waits_for_it()
    {
        string images = await DrawnInputs.DrawImagesAsync(_folder, count: 1, Cancel); // waits, because there is no model
        using Process waiting = KeypointsTool.Start(["drop", images, "--watch", "--home", Home]);
        string line = (await waiting.StandardOutput.ReadLineAsync(Cancel))!;
        string instance = line.Split("./keypoints status ")[1].Split(' ')[0];
        await Eventually.TrueAsync(async () => (await _host.Workflows.GetAsync(instance, Cancel))?.CustomStatus is not null);

        await _host.Workflows.TerminateAsync(instance, "enough", Cancel);
        string errors = await waiting.StandardError.ReadToEndAsync(Cancel);
        await waiting.WaitForExitAsync(Cancel);

        Assert.Equal(ExitCodes.Failed, waiting.ExitCode);
        Assert.Contains("was terminated: enough", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drop_whose_place_is_taken_before_it_starts_says_so_and_names_the_newer_one()
    {
        string first = _folder.File("x.csv");
        await File.WriteAllTextAsync(first, "nose_x,nose_y\n1,2\n", Cancel);
        using var content = new ReplacedAtOnce(_host.Storage, BlobLayout.Datasets, "x.csv", "nose_x,nose_y\n3,4\n");

        ToolResult dropped = await RunAsync("drop", first, "--watch", "--json");

        Assert.Equal(ExitCodes.Failed, dropped.ExitCode);
        Assert.Contains("A newer x.csv took its place. Follow the newer one with: ./keypoints status ingest-x-csv-", dropped.Errors, StringComparison.Ordinal);
        using JsonDocument report = JsonDocument.Parse(dropped.Output);
        Assert.False(report.RootElement.GetProperty("succeeded").GetBoolean());
        string newer = report.RootElement.GetProperty("reason").GetString()!.Split("./keypoints status ")[1].Split(' ')[0];
        Assert.NotEqual(report.RootElement.GetProperty("instanceId").GetString(), newer);
        await Eventually.EndedAsync(_host.Workflows, newer);
    }

    private string Zip(string name, params (string Name, string Content)[] files)
    {
        using ZipArchive archive = ZipFile.Open(_folder.File(name), ZipArchiveMode.Create);
        foreach ((string file, string content) in files)
        {
            using var writer = new StreamWriter(archive.CreateEntry(file).Open());
            writer.Write(content);
        }

        return _folder.File(name);
    }

    private string Copy(string file, string name)
    {
        File.Copy(file, _folder.File(name));
        return _folder.File(name);
    }

    private Task<ToolResult> RunAsync(params string[] arguments) => KeypointsTool.RunAsync([.. arguments, "--home", Home], Cancel);

    /// <summary>Overwrites a blob as soon as it is there.</summary>
    private sealed class ReplacedAtOnce : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _work;

        public ReplacedAtOnce(PipelineStorage storage, string container, string name, string content)
        {
            _work = Task.Run(async () =>
            {
                while (await storage.FindETagAsync(container, name, _stop.Token) is null)
                    await Task.Delay(TimeSpan.FromMilliseconds(1), _stop.Token);
                await storage.Blob(container, name).UploadAsync(BinaryData.FromString(content), overwrite: true, _stop.Token);
            });
        }

        public void Dispose()
        {
            _stop.Cancel();
            try
            {
                _work.Wait();
            }
            catch (AggregateException)
            {
                // The test failed before the blob was there.
            }

            _stop.Dispose();
        }
    }
}
