using System.CommandLine;
using KeypointPipeline.Local.Commands;
using KeypointPipeline.Local.Development;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Storage;
using Spectre.Console;

// In a file or a pipe nothing is to be gained by breaking lines at a terminal's width.
if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = 200;

var root = new RootCommand("Turns half-labelled keypoint data into a served model: drop a CSV, get a model; drop images, get keypoints.")
{
    DemoCommand.Create(),
    TestCommand.Create(),
    UpCommand.Create(),
    DropCommand.Create(),
    StatusCommand.Create(),
    ModelsCommand.Create(),
    TrainCommand.Create(),
    EvaluateCommand.Create(),
    PredictCommand.Create(),
    BenchCommand.Create(),
};

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,

        // Long enough to save a checkpoint and to close the storage server in order.
        ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
    });
}
catch (CommandException e)
{
    Console.Error.WriteLine($"keypoints: {e.Message}");
    return e.ExitCode;
}
catch (HostAlreadyRunningException e)
{
    Console.Error.WriteLine($"keypoints: {e.Message}");
    return HostAlreadyRunningException.ExitCode;
}
catch (Exception e) when (e is IOException or InvalidDataException or FormatException or MissingToolException or StorageServerException
    or PortTakenException or UnauthorizedAccessException or ArgumentException)
{
    // What a user can mend: the message says how, a stack trace would not.
    Console.Error.WriteLine($"keypoints: {e.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}
