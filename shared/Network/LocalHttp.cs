using System.Net;

namespace KeypointPipeline.Network;

/// <summary>HTTP to this machine itself. <c>HTTP_PROXY</c> and its like name a proxy for the world outside: it cannot reach a loopback
/// address of this machine, so requests to one never go through it.</summary>
public static class LocalHttp
{
    /// <summary>The user's proxies for every address except loopback.</summary>
    public static IWebProxy ProxyForOthers { get; } = new ExceptLoopback(HttpClient.DefaultProxy);

    /// <summary>A client of a server that runs on this machine, at whatever address.</summary>
    /// <param name="address">The server; null where every request names it.</param>
    public static HttpClient CreateClient(Uri? address = null) =>
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };

    /// <summary>A proxy's settings without those for loopback.</summary>
    internal sealed class ExceptLoopback(IWebProxy proxy) : IWebProxy
    {
        public ICredentials? Credentials
        {
            get => proxy.Credentials;
            set => proxy.Credentials = value;
        }

        public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : proxy.GetProxy(destination);

        public bool IsBypassed(Uri host) => host.IsLoopback || proxy.IsBypassed(host);
    }
}
