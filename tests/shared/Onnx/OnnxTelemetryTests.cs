using System.Diagnostics;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Onnx;

public sealed class OnnxTelemetryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The second process is the proof that the first one would have been caught: it uses ONNX Runtime without this
    /// pipeline, starts later, and is seen to send.</summary>
    [Fact]
    public async Task A_process_that_predicts_connects_to_nobody_and_leaves_no_device_id_while_onnx_runtime_alone_does_both()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there, Windows collects and sends the events");
        using TemporaryFolder folder = TestFolder.Create("telemetry");
        string pipelineHome = Directory.CreateDirectory(folder.File("pipeline")).FullName;
        string otherHome = Directory.CreateDirectory(folder.File("other")).FullName;
        await using var pipelineProxy = new RecordingProxy();
        await using var otherProxy = new RecordingProxy();

        using Process pipeline = await ModelProcess.StartAsync(withPipeline: true, pipelineHome, pipelineProxy, Cancel);
        using Process other = await ModelProcess.StartAsync(withPipeline: false, otherHome, otherProxy, Cancel);
        await Eventually.TrueAsync(() => otherProxy.Seen.Count > 0);
        foreach (Process process in new[] { pipeline, other })
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync(Cancel);
        }

        Assert.All(otherProxy.Seen, line => Assert.Contains("events.data.microsoft.com", line, StringComparison.Ordinal));
        Assert.Contains(Files(otherHome), file => Path.GetFileName(file) == "deviceid");
        Assert.Empty(pipelineProxy.Seen);
        Assert.Empty(Files(pipelineHome));
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories);
}
