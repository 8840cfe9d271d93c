using System.Diagnostics;
using System.Runtime.CompilerServices;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.TestSupport;
using Microsoft.ML.OnnxRuntime;

namespace KeypointPipeline.Shared.Tests.Onnx;

/// <summary>A process of its own that uses ONNX Runtime and then stays until its input ends: through <see cref="KeypointModel"/>, or
/// directly, as a program without this pipeline does.</summary>
internal static class ModelProcess
{
    public const string UseVariable = "KEYPOINTS_MODEL_PROCESS";

    private const string Pipeline = "pipeline";
    private const string Ready = "ready";

    /// <summary>Starts the process and waits until it has used ONNX Runtime.</summary>
    /// <param name="withPipeline">Whether it opens a model of this pipeline.</param>
    /// <param name="home">Its home folder.</param>
    /// <param name="proxy">The proxy of its connections.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public static async Task<Process> StartAsync(bool withPipeline, string home, RecordingProxy proxy, CancellationToken cancellationToken)
    {
        string assembly = typeof(ModelProcess).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [assembly])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        // ONNX Runtime sends nothing from a machine whose variables show that it builds or tests software.
        start.Environment.Clear();
        foreach (string kept in new[] { "PATH", "DOTNET_ROOT" })
            start.Environment[kept] = Environment.GetEnvironmentVariable(kept);
        foreach ((string name, string value) in proxy.Variables)
            start.Environment[name] = value;
        start.Environment["HOME"] = home;
        start.Environment["DOTNET_STARTUP_HOOKS"] = assembly;
        start.Environment[UseVariable] = withPipeline ? Pipeline : "directly";

        Process process = Process.Start(start)!;
        string? line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        if (line == Ready)
            return process;
        process.Dispose();
        throw new InvalidOperationException($"The process did not open its model: {line}");
    }

    /// <summary>What the process does.</summary>
    public static void Run(string use)
    {
        if (use == Pipeline)
            PredictWithThePipeline();
        else
            UseRuntimeAlone();
        Console.WriteLine(Ready);
        Console.ReadLine();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PredictWithThePipeline()
    {
        var schema = new KeypointSchema(["nose"], 8, 8);
        using KeypointModel model = KeypointModel.Open(TinyOnnxModel.Constant(schema, 1, 2), "tiny");
        model.Predict(new byte[schema.FrameSize], 1, new float[2]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UseRuntimeAlone()
    {
        using var options = new SessionOptions();
    }
}
