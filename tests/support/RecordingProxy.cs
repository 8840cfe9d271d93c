using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace KeypointPipeline.TestSupport;

/// <summary>An HTTP proxy that passes nothing on. It records what programs ask it for, so that a test knows whom they connect to.</summary>
public sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly Task _serving;

    /// <summary>Listens on a free port.</summary>
    public RecordingProxy()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The first line of each request so far, for example <c>CONNECT example.com:443 HTTP/1.1</c>.</summary>
    public IReadOnlyCollection<string> Seen => _seen;

    /// <summary>Environment variables that name this proxy for every address.</summary>
    public Dictionary<string, string> Variables
    {
        get
        {
            var variables = new[] { "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" }
                .ToDictionary(name => name, _ => $"http://{_listener.LocalEndpoint}", StringComparer.Ordinal);
            variables["NO_PROXY"] = variables["no_proxy"] = "";
            return variables;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _serving;
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_closing.Token);
                await RefuseAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task RefuseAsync(TcpClient client)
    {
        try
        {
            await using NetworkStream stream = client.GetStream();
            using var reader = new StreamReader(stream, leaveOpen: true);
            _seen.Enqueue(await reader.ReadLineAsync(_closing.Token) ?? "a connection without a request");
            await stream.WriteAsync("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _closing.Token);
        }
        catch (IOException)
        {
            // The program closed the connection first.
        }
    }
}
