using System.CommandLine;
using KeypointPipeline.TrainerJob.Commands;
using KeypointPipeline.Training;

var root = new RootCommand("Trains keypoint networks.") { RunCommand.Create(), TrainCommand.Create() };
ParseResult parsed = root.Parse(args);
try
{
    // Signals are the commands' own: they save first, and the library would end the process after two seconds.
    int code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count > 0 ? TrainerExitCode.Usage : code;
}
catch (Exception e) when (e is InvalidDataException or ArgumentException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return TrainerExitCode.Usage;
}
catch (OperationCanceledException)
{
    return TrainerExitCode.Stopped;
}
catch (Exception e)
{
    // The last place to say what went wrong; a trace helps nobody who runs the program.
    await Console.Error.WriteLineAsync($"{e.GetType().Name}: {e.Message}");
    return TrainerExitCode.Failed;
}
