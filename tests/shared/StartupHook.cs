using KeypointPipeline.Shared.Tests.Onnx;

/// <summary>Lets the test assembly be a process of its own. When it is started with <c>DOTNET_STARTUP_HOOKS</c> naming it, the runtime
/// calls this before the program, which then never begins. The runtime wants it in no namespace.</summary>
#pragma warning disable MA0047
internal static class StartupHook
#pragma warning restore MA0047
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(ModelProcess.UseVariable) is not { } use)
            return;
        ModelProcess.Run(use);
        Environment.Exit(0);
    }
}
