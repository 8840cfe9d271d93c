using System.Diagnostics;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.EndToEnd.Tests;

/// <summary>A machine in a company's or university's network: variables name a proxy, and the proxy cannot reach this machine's loopback
/// addresses. Processes of their own, because .NET reads the variables once.</summary>
public sealed class ProxyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Nothing listens on port 9.</summary>
    private static Dictionary<string, string> Variables
    {
        get
        {
            var variables = new[] { "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" }
                .ToDictionary(name => name, _ => "http://127.0.0.1:9", StringComparer.Ordinal);
            variables["NO_PROXY"] = variables["no_proxy"] = "";
            variables["RETRAIN_SCHEDULE"] = "never";
            variables[TrainingHostSettings.Epochs] = "1";
            variables[TrainingHostSettings.Network] = "ml-resnet-small";
            return variables;
        }
    }

    [Fact]
    public async Task Behind_a_proxy_up_drop_and_the_trainer_reach_the_servers_of_this_machine()
    {
        using TemporaryFolder folder = TestFolder.Create("proxy");
        string home = folder.File("home");
        string dataset = await DrawnInputs.DrawDatasetAsync(folder, rows: 60, seed: 9, Cancel);
        using Process host = KeypointsTool.Start(["up", "--home", home, "--port", "0"], variables: Variables);
        Task<string> errors = host.StandardError.ReadToEndAsync(Cancel);
        try
        {
            await WaitForStartAsync(host, errors);

            ToolResult dropped = await KeypointsTool.RunAsync(["drop", dataset, "--watch", "--home", home], Cancel, Variables);
            ToolResult models = await KeypointsTool.RunAsync(["models", "--json", "--home", home], Cancel, Variables);

            Assert.True(dropped.ExitCode == 0, dropped.Output + dropped.Errors);
            Assert.Contains("\"champion\"", models.Output, StringComparison.Ordinal);
        }
        finally
        {
            if (ProcessIdentity.Of(host.Id) is { } process)
                ProcessSignals.RequestEnd(process);
            await host.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task WaitForStartAsync(Process host, Task<string> errors)
    {
        while (await host.StandardOutput.ReadLineAsync(Cancel) is string line)
        {
            if (line.Contains("runs on", StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"The host did not start: {await errors}");
    }
}
