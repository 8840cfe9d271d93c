using System.CommandLine;
using KeypointPipeline.Errors;
using KeypointPipeline.Local.Commands;
using KeypointPipeline.Local.Development;
using Spectre.Console;

// Lines in a file or a pipe do not need to break at a terminal's width.
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

return await ProgramExit.RunAsync("keypoints", () =>
{
    UserErrorException.ThrowIfEmpty(args);
    return root.Parse(args).InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,

        // Long enough to save a checkpoint and to close the storage server in order.
        ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
    });
});
