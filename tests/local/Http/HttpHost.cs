using System.Text;
using System.Text.Json;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.OpenApi;
using KeypointPipeline.Workflows;
using Xunit;

[assembly: AssemblyFixture(typeof(KeypointPipeline.Local.Tests.Http.HttpHost))]

namespace KeypointPipeline.Local.Tests.Http;

/// <summary>A whole host on a free port whose workflows wait for an event, started by the first test that asks.</summary>
public sealed class HttpHost : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly TemporaryFolder _home = TestFolder.Create("host");
    private LocalHost? _host;

    internal async Task<HttpClient> ClientAsync(CancellationToken cancellationToken) =>
        DescribedAnswers.CreateClient((await HostAsync(cancellationToken)).Url);

    internal async Task<LocalHost> HostAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            return _host ??= await LocalHost.StartAsync(Options(_home.Path), cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>A host of waiting workflows on a free port, looking for dropped files all the time.</summary>
    internal static LocalHostOptions Options(string home) => new()
    {
        Home = home,
        Port = 0,
        RetrainSchedule = null,
        PollInterval = TimeSpan.FromMilliseconds(100),
        Catalog = WaitingWorkflows.Catalog,
    };

    /// <summary>Starts an instance that waits.</summary>
    internal async Task<string> StartWaitingAsync(string id, CancellationToken cancellationToken)
    {
        LocalHost host = await HostAsync(cancellationToken);
        await host.Workflows.StartAsync(Retrain.Ref, new RetrainInput("a test", false, null), id, cancellationToken);
        await Eventually.TrueAsync(
            async () => (await host.Workflows.GetAsync(id, cancellationToken))!.CustomStatus is not null);
        return id;
    }

    /// <summary>Starts an instance and lets it end.</summary>
    internal async Task<string> StartEndedAsync(string id, string data, CancellationToken cancellationToken)
    {
        await StartWaitingAsync(id, cancellationToken);
        LocalHost host = await HostAsync(cancellationToken);
        await host.Workflows.RaiseEventAsync(id, "go", data, cancellationToken);
        await Eventually.EndedAsync(host.Workflows, id);
        return id;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _home.Dispose();
        _starting.Dispose();
    }
}

internal static class HttpBodies
{
    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return document.RootElement.Clone();
    }

    public static async Task AssertProblemAsync(
        this HttpResponseMessage response, int status, string detailPart, CancellationToken cancellationToken)
    {
        JsonElement problem = await response.ReadJsonAsync(cancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.Contains(detailPart, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
