using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace KeypointPipeline.Onnx;

/// <summary>Switches off the telemetry of ONNX Runtime in every process that has this assembly, and in the processes that it
/// starts.</summary>
/// <remarks>On Linux and macOS, ONNX Runtime 1.31.1 creates its uploader together with its environment, before the call that disables
/// telemetry is possible. That call alone was measured: a device id is still written below the home folder, and a connection to
/// mobile.events.data.microsoft.com follows within 12 s. The environment variable stops both. It must be in the C library's environment
/// before ONNX Runtime is used; .NET's own environment is a copy that C code does not see. On Windows the call is what counts.</remarks>
internal static partial class OnnxTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";
    private const string Disabled = "1";

    /// <summary>Sets the variable for this process and for those that it starts.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It must run before ONNX Runtime does, in hosts, trainers, benches and tests alike.")]
    internal static void SetVariable()
    {
        Environment.SetEnvironmentVariable(Variable, Disabled);
        if (!OperatingSystem.IsWindows() && SetVariable(Variable, Disabled, overwrite: 1) != 0)
            throw new InvalidOperationException($"The environment variable {Variable} could not be set: error {Marshal.GetLastPInvokeError()} of setenv.");
    }

    /// <summary>Disables the events of ONNX Runtime's environment. Creates the environment if there is none yet.</summary>
    public static void Disable() => OrtEnv.Instance().DisableTelemetryEvents();

    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
