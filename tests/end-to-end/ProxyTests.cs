using System.Diagnostics;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.EndToEnd.Tests;

/// <summary>A machine in a company's or university's network: variables name a proxy, and the proxy cannot reach this machine's loopback
/// addresses. It also sees every connection to other machines. Processes of their own, because .NET reads the variables once.</summary>
public sealed class ProxyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Behind_a_proxy_up_drop_and_the_trainer_reach_the_servers_of_this_machine_and_ask_the_proxy_for_nothing()
    {
        await using var proxy = new RecordingProxy();
        Dictionary<string, string> variables = Variables(proxy);
        using TemporaryFolder folder = TestFolder.Create("proxy");
        string home = folder.File("home");
        string dataset = await DrawnInputs.DrawDatasetAsync(folder, rows: 60, seed: 9, Cancel);
        using Process host = KeypointsTool.Start(["up", "--home", home, "--port", "0"], variables: variables);
        Task<string> errors = host.StandardError.ReadToEndAsync(Cancel);
        try
        {
            await WaitForStartAsync(host, errors);

            ToolResult dropped = await KeypointsTool.RunAsync(["drop", dataset, "--watch", "--home", home], Cancel, variables);
            ToolResult models = await KeypointsTool.RunAsync(["models", "--json", "--home", home], Cancel, variables);

            Assert.True(dropped.ExitCode == 0, dropped.Output + dropped.Errors);
            Assert.Contains("\"champion\"", models.Output, StringComparison.Ordinal);
        }
        finally
        {
            if (ProcessIdentity.Of(host.Id) is { } process)
                ProcessSignals.RequestEnd(process);
            await host.WaitForExitAsync(CancellationToken.None);
        }

        Assert.Empty(proxy.Seen);
    }

    private static Dictionary<string, string> Variables(RecordingProxy proxy)
    {
        Dictionary<string, string> variables = proxy.Variables;
        variables["RETRAIN_SCHEDULE"] = "never";
        variables[TrainingHostSettings.Epochs] = "1";
        variables[TrainingHostSettings.Network] = "ml-resnet-small";
        return variables;
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
