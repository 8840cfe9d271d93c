using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Local.Http;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.OpenApi;
using Xunit;

namespace KeypointPipeline.Local.Tests.Http;

/// <summary>A whole host that listens on every address of this machine, as <c>up --listen 0.0.0.0</c> does.</summary>
public sealed class OpenHost : IAsyncLifetime
{
    private readonly TemporaryFolder _home = TestFolder.Create("open host");
    private LocalHost? _host;

    internal LocalHostFiles Files => new(_home.Path);

    internal LocalHost Host => _host ?? throw new InvalidOperationException("Not started.");

    internal string Key => File.ReadAllText(Files.HttpKey);

    /// <summary>An address at which other machines reach this one; null where it has none.</summary>
    internal static IPAddress? MachineAddress { get; } = NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));

    /// <summary>A client that comes from outside, where there is one.</summary>
    /// <param name="key">Sent with every request; none where null.</param>
    internal HttpClient Client(string? key = null)
    {
        HttpClient http = DescribedAnswers.CreateClient(new Uri($"http://{MachineAddress ?? IPAddress.Loopback}:{Host.Url.Port}"));
        if (key is not null)
            http.DefaultRequestHeaders.Add(KeyGuard.Header, key);
        return http;
    }

    public async ValueTask InitializeAsync() =>
        _host = await LocalHost.StartAsync(HttpHost.Options(_home.Path) with { Listen = IPAddress.Any }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _home.Dispose();
    }
}
