using KeypointPipeline.Local.Tests.Engine;

/// <summary>Lets the test assembly be the process that is killed: started with <c>DOTNET_STARTUP_HOOKS</c> naming it, the runtime
/// calls this before the program, which then never begins. The runtime wants it in no namespace.</summary>
#pragma warning disable MA0047
internal static class StartupHook
#pragma warning restore MA0047
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(KilledProcess.FolderVariable) is not { } folder)
            return;
        KilledProcess.RunAsync(folder).GetAwaiter().GetResult();
        Environment.Exit(0);
    }
}
