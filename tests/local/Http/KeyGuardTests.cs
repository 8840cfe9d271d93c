using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Local.Commands;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Local.Http;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Network;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using Xunit;
using static KeypointPipeline.Local.Tests.Http.HttpBodies;

namespace KeypointPipeline.Local.Tests.Http;

/// <summary>Who may ask what of a host that other machines reach.</summary>
public sealed class KeyGuardTests(OpenHost open) : IClassFixture<OpenHost>
{
    private const string Instances = ManagementRoutes.Instances;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/api/health")]
    [InlineData("GET", "/api/models")]
    [InlineData("POST", "/api/retrain")]
    [InlineData("GET", Instances)]
    [InlineData("DELETE", $"{Instances}/anything")]
    [InlineData("GET", "/nothing")]
    public async Task Without_a_key_every_address_answers_401_and_where_to_find_the_key(string method, string address)
    {
        using HttpClient http = open.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), address);

        using HttpResponseMessage response = await http.SendAsync(request, Cancel);

        await response.AssertProblemAsync(401, "x-functions-key", Cancel);
        await response.AssertProblemAsync(401, "http.key", Cancel);
        Assert.NotEmpty(response.Headers.WwwAuthenticate);
        Assert.DoesNotContain(open.Key, await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_opens_nothing()
    {
        string key = open.Key;
        foreach (string wrong in (string[])["x", key[..^1], key + "x", key + "," + key, new string(key[0], key.Length), Swap(key[0]) + key[1..]])
        {
            using HttpClient http = open.Client(wrong);
            using HttpResponseMessage byHeader = await http.GetAsync("/api/health", Cancel);
            using HttpResponseMessage withTheRightOneInTheQuery = await http.GetAsync($"/api/health?code={key}", Cancel);
            using HttpClient plain = open.Client();
            using HttpResponseMessage byQuery = await plain.GetAsync($"/api/health?code={Uri.EscapeDataString(wrong)}", Cancel);

            Assert.All([byHeader, withTheRightOneInTheQuery, byQuery], response => Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode));
        }

        static char Swap(char c) => c == 'a' ? 'b' : 'a';
    }

    [Fact]
    public async Task The_key_opens_everything_as_a_header_or_in_the_query()
    {
        using HttpClient http = open.Client(open.Key);
        using HttpClient plain = open.Client();
        foreach (string address in (string[])["/api/health", "/api/models", "/api/datasets", Instances])
        {
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(address, Cancel)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await plain.GetAsync($"{address}?code={open.Key}", Cancel)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/nothing", Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_addresses_of_an_answer_open_the_instance_without_the_key_and_nothing_else()
    {
        using HttpClient http = open.Client(open.Key);
        using HttpClient plain = open.Client();

        using HttpResponseMessage started = await http.PostAsync("/api/retrain", null, Cancel);
        JsonElement links = await started.ReadJsonAsync(Cancel);
        Uri status = new(links.GetProperty("statusQueryGetUri").GetString()!);
        string raise = links.GetProperty("sendEventPostUri").GetString()!.Replace("{eventName}", "other", StringComparison.Ordinal);
        string terminate = links.GetProperty("terminatePostUri").GetString()!.Replace("{text}", "enough", StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.DoesNotContain(open.Key, $"{started.Headers}{links}", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await plain.GetAsync(started.Headers.Location, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await plain.GetAsync(status, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await plain.GetAsync($"/api/models{status.Query}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await plain.PostAsync(raise, Json("1"), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await plain.PostAsync(terminate, null, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Commands_on_this_machine_find_host_and_key_by_themselves()
    {
        using RunningHost host = RunningHost.Connect(new DirectoryInfo(Path.GetDirectoryName(open.Files.HttpKey)!));

        Assert.Empty((await host.ListModelsAsync(Cancel)).Models);
        Assert.True(open.Host.Url.IsLoopback);
    }

    [Fact]
    public async Task No_log_holds_a_key()
    {
        using HttpClient plain = open.Client();
        using HttpClient wrong = open.Client(open.Key + "x");
        JsonElement links = await (await plain.PostAsync($"/api/retrain?code={open.Key}", null, Cancel)).ReadJsonAsync(Cancel);
        await plain.GetAsync($"/nothing?code={open.Key}", Cancel);
        await plain.PostAsync($"/api/retrain?code={open.Key}", Json("{"), Cancel);
        await plain.GetAsync(links.GetProperty("statusQueryGetUri").GetString(), Cancel);
        await wrong.GetAsync("/api/health", Cancel);
        var upload = await open.Host.Storage.Blob(BlobLayout.Datasets, "logged.csv").UploadAsync(BinaryData.FromString("x"), overwrite: true, Cancel);
        string id = InstanceIds.Ingest("logged.csv", upload.Value.ETag.ToString());
        await Eventually.TrueAsync(async () => (await ReadLogAsync()).Contains(id, StringComparison.Ordinal));

        string log = await ReadLogAsync();

        Assert.DoesNotContain(open.Key, log, StringComparison.Ordinal);
        Assert.DoesNotContain(new HttpKeys(open.Key).SystemKey, log, StringComparison.Ordinal);
        Assert.DoesNotContain(await File.ReadAllTextAsync(Path.Combine(open.Files.Storage, "account.key"), Cancel), log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_larger_than_any_that_is_meant_is_refused()
    {
        using HttpClient http = open.Client(open.Key);
        http.DefaultRequestHeaders.ExpectContinue = true;

        using HttpResponseMessage response = await http.PostAsync("/api/retrain", Json(new string(' ', (1 << 20) + 1)), Cancel);

        await response.AssertProblemAsync(413, "too large", Cancel);
    }

    [Fact]
    public void The_key_is_long_stays_the_same_and_is_its_owners_alone()
    {
        using TemporaryFolder folder = TestFolder.Create("key");
        string file = folder.File("http.key");

        string key = HttpKeys.ReadOrCreate(file);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        }

        Assert.Equal(key, HttpKeys.ReadOrCreate(file));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(43, key.Length);
        File.Delete(file);
        Assert.NotEqual(key, HttpKeys.ReadOrCreate(file));
    }

    [Fact]
    public void A_file_without_a_key_opens_no_host()
    {
        using TemporaryFolder folder = TestFolder.Create("key");
        File.WriteAllText(folder.File("http.key"), "secret\n");

        var refusal = Assert.Throws<InvalidDataException>(() => HttpKeys.ReadOrCreate(folder.File("http.key")));

        Assert.Contains("Delete the file", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_was_told_nothing_is_on_loopback_alone()
    {
        Assert.SkipWhen(OpenHost.MachineAddress is null, "This machine has no other address.");
        using TemporaryFolder home = TestFolder.Create("closed host");
        await using LocalHost closed = await LocalHost.StartAsync(HttpHost.Options(home.Path), Cancel);
        using HttpClient local = LocalHttp.CreateClient(closed.Url);
        using var outside = new TcpClient();

        Assert.Equal(HttpStatusCode.OK, (await local.GetAsync("/api/health", Cancel)).StatusCode);
        var refusal = await Assert.ThrowsAsync<SocketException>(async () => await outside.ConnectAsync(OpenHost.MachineAddress!, closed.Url.Port, Cancel));
        Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
        Assert.False(File.Exists(new LocalHostFiles(home.Path).HttpKey));
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named_before_anything_starts()
    {
        using TemporaryFolder home = TestFolder.Create("host");

        var refusal = await Assert.ThrowsAsync<AddressNotHereException>(
            () => LocalHost.StartAsync(HttpHost.Options(home.Path) with { Listen = IPAddress.Parse("192.0.2.1") }, Cancel));

        Assert.Contains("no address 192.0.2.1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--listen", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<string> ReadLogAsync()
    {
        using var reader = new StreamReader(new FileStream(open.Files.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return await reader.ReadToEndAsync(Cancel);
    }
}
