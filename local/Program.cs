using System.CommandLine;
using KeypointPipeline.Errors;
using KeypointPipeline.Local;
using Spectre.Console;

// Lines in a file or a pipe do not need to break at a terminal's width.
if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = 200;

return await ProgramExit.RunAsync("keypoints", () =>
{
    UserErrorException.ThrowIfEmpty(args);
    return KeypointsProgram.CreateCommand().Parse(args).InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,

        // Long enough to save a checkpoint and to close the storage server in order.
        ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
    });
});
