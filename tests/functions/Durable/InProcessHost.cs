using System.Net;
using System.Net.Sockets;
using KeypointPipeline.Network;
using KeypointPipeline.Serialization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Testing;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace KeypointPipeline.Functions.Tests.Durable;

/// <summary>Durable's in-process host with the pipeline's JSON, on a port of its own.</summary>
internal static class InProcessHost
{
    /// <summary>The host under the test host logs every request to the console, and every start of an existing instance with a stack trace,
    /// which many tests provoke. It reads its configuration from variables. Its client is reached on loopback, and has no setting for
    /// proxies of its own.</summary>
    static InProcessHost()
    {
        HttpClient.DefaultProxy = LocalHttp.ProxyForOthers;
        Environment.SetEnvironmentVariable("Logging__Console__LogLevel__Default", "Warning");
        Environment.SetEnvironmentVariable("Logging__Console__LogLevel__Microsoft.DurableTask.Sidecar", "Error");
    }

    public static Task<DurableTaskTestHost> StartAsync(
        Action<DurableTaskRegistry> register, IServiceCollection services, CancellationToken cancellationToken) =>
        DurableTaskTestHost.StartAsync(
            register,
            new DurableTaskTestHostOptions { Port = FindFreePort(), ConfigureServices = worker => Configure(worker, services) },
            cancellationToken);

    private static void Configure(IServiceCollection worker, IServiceCollection services)
    {
        foreach (ServiceDescriptor service in services)
            worker.Add(service);
        var converter = new JsonDataConverter(PipelineJson.Compact);
        worker.ConfigureAll<DurableTaskWorkerOptions>(options => options.DataConverter = converter);
        worker.ConfigureAll<DurableTaskClientOptions>(options => options.DataConverter = converter);
    }

    /// <summary>The test host's own choice is a random port, which may be taken.</summary>
    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
