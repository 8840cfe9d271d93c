using System.CommandLine;
using KeypointPipeline.Local.Commands;

var root = new RootCommand("Turns half-labelled keypoint data into a served model: drop a CSV, get a model; drop images, get keypoints.")
{
    TrainCommand.Create(),
    TestCommand.Create(),
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
catch (OperationCanceledException)
{
    return 130;
}
