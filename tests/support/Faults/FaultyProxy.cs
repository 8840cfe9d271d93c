using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Azure.Storage.Blobs;
using KeypointPipeline.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace KeypointPipeline.TestSupport.Faults;

/// <summary>An HTTP proxy between a client and the storage server that disturbs requests as its plan says. It passes all other requests
/// on to the real server and does not change anything that is signed.</summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private const int Pieces = 8;

    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentQueue<(StorageRequest Request, StorageFault Fault)> _seen = new();
    private readonly WebApplication _application;
    private readonly UpstreamServer _server;

    private FaultyProxy(Uri server)
    {
        _server = new UpstreamServer(server);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        _application = builder.Build();
        _application.Run(HandleAsync);
    }

    /// <summary>Returns the fault of each request; none at first.</summary>
    public Func<StorageRequest, StorageFault> Plan { get; set; } = _ => StorageFault.None;

    /// <summary>The pause of <see cref="StorageFault.Slow"/>.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs before a request, to simulate what another client does at that moment.</summary>
    public Func<StorageRequest, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Every request so far, with its fault.</summary>
    public IReadOnlyCollection<(StorageRequest Request, StorageFault Fault)> Seen => _seen;

    /// <summary>The account, through the proxy.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Puts a proxy in front of a test's account.</summary>
    public static async Task<FaultyProxy> StartAsync(TestStorage account, CancellationToken cancellationToken)
    {
        const string Endpoint = "BlobEndpoint=";
        string endpoint = account.ConnectionString.Split(';').Single(part => part.StartsWith(Endpoint, StringComparison.Ordinal))[Endpoint.Length..];
        var server = new Uri(endpoint);
        var proxy = new FaultyProxy(server);
        await proxy._application.StartAsync(cancellationToken);
        var own = new UriBuilder(endpoint) { Port = new Uri(proxy._application.Urls.Single()).Port };
        proxy.ConnectionString = account.ConnectionString.Replace(endpoint, own.ToString(), StringComparison.Ordinal);
        return proxy;
    }

    /// <summary>The account, opened as the pipeline's steps open it, but with short waits between retries.</summary>
    /// <param name="retries">Retries by the client itself.</param>
    /// <param name="silence">How long the client waits for a silent server.</param>
    public PipelineStorage Open(int retries = 5, TimeSpan? silence = null) => Open(Hurry(StoragePatience.ForSteps(), retries, silence));

    /// <summary>The account, opened with a client of its own.</summary>
    public PipelineStorage Open(BlobClientOptions options) => new(new BlobServiceClient(ConnectionString, options));

    /// <summary>Shortens a client's waits.</summary>
    public static BlobClientOptions Hurry(BlobClientOptions options, int retries, TimeSpan? silence = null)
    {
        options.Retry.MaxRetries = retries;
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(20);
        options.Retry.NetworkTimeout = silence ?? options.Retry.NetworkTimeout;
        return options;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _application.StopAsync();
        await _application.DisposeAsync();
        _server.Dispose();
        _closing.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        string target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        StorageRequest request = StorageRequest.Parse(http.Request.Method, target);
        await Before(request);
        StorageFault fault = Plan(request);
        _seen.Enqueue((request, fault));
        try
        {
            await HandleAsync(http, target, fault);
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client has given up, as some faults intend.
        }
    }

    private async Task HandleAsync(HttpContext http, string target, StorageFault fault)
    {
        switch (fault)
        {
            case StorageFault.InternalError:
                await RefuseAsync(http, StatusCodes.Status500InternalServerError, "InternalError");
                return;
            case StorageFault.ServerBusy:
                await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, "ServerBusy");
                return;
            case StorageFault.LostRequest:
                byte[] half = new byte[(http.Request.ContentLength ?? 0) / 2];
                await http.Request.Body.ReadExactlyAsync(half, http.RequestAborted);
                http.Abort();
                return;
            case StorageFault.Silence:
                await SayNothingAsync(http);
                return;
        }

        if (fault == StorageFault.Slow)
            await Task.Delay(Pause, http.RequestAborted);
        ServerAnswer answer = await _server.AskAsync(http.Request, target, http.RequestAborted);
        switch (fault)
        {
            case StorageFault.LostAnswer:
                http.Abort();
                return;
            case StorageFault.FalseAlarm:
                await RefuseAsync(http, StatusCodes.Status500InternalServerError, "InternalError");
                return;
            default:
                await AnswerAsync(http, answer, fault);
                return;
        }
    }

    private async Task AnswerAsync(HttpContext http, ServerAnswer answer, StorageFault fault)
    {
        answer.WriteHead(http.Response);
        int half = answer.Body.Length / 2;
        switch (fault)
        {
            case StorageFault.CutAnswer or StorageFault.SilentAnswer:
                await WriteAsync(http, answer.Body.AsMemory(0, half));
                if (fault == StorageFault.SilentAnswer)
                    await SayNothingAsync(http);
                http.Abort();
                return;
            case StorageFault.Slow:
                foreach (byte[] piece in answer.Body.Chunk((answer.Body.Length / Pieces) + 1))
                {
                    await WriteAsync(http, piece);
                    await Task.Delay(Pause, http.RequestAborted);
                }

                return;
            default:
                await WriteAsync(http, answer.Body);
                return;
        }
    }

    private static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length == 0)
            return;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private static async Task RefuseAsync(HttpContext http, int status, string code)
    {
        byte[] body = Encoding.UTF8.GetBytes($"""<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>As planned.</Message></Error>""");
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        http.Response.Headers["x-ms-error-code"] = code;
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        http.Response.ContentLength = body.Length;
        await WriteAsync(http, body);
    }

    private async Task SayNothingAsync(HttpContext http)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _closing.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Abort();
    }
}
