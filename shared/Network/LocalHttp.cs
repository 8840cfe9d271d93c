using System.Net;

namespace KeypointPipeline.Network;

/// <summary>HTTP to this machine itself. <c>HTTP_PROXY</c> and similar variables name a proxy for other machines. Such a proxy cannot
/// reach a loopback address of this machine, so requests to one never go through it.</summary>
public static class LocalHttp
{
    /// <summary>The user's proxies for every address except loopback.</summary>
    public static IWebProxy ProxyForOthers { get; } = new ExceptLoopback(HttpClient.DefaultProxy);

    /// <summary>Creates a client for a server on this machine. It never uses a proxy.</summary>
    /// <param name="address">Address of the server; null if each request states it.</param>
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
