using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using KeypointPipeline.Errors;
using KeypointPipeline.TrainerJob.Commands;
using KeypointPipeline.TrainerJob.Running;

// Not a RootCommand: that one takes its name from the executable, and help texts name the program that the user called.
var program = CalledProgram.Find(Environment.GetEnvironmentVariable);
var root = new Command(program.Name, "Trains keypoint networks.")
{
    RunCommand.Create(), TrainCommand.Create(program), new HelpOption(), new VersionOption(),
};
ParseResult parsed = root.Parse(args);
try
{
    UserErrorException.ThrowIfEmpty(args);

    // The help is longer than a screen and would hide the error.
    if (parsed.Action is ParseErrorAction error)
        error.ShowHelp = false;

    // The commands handle signals themselves, because they save first. The library would end the process after two seconds.
    int code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    if (parsed.Errors.Count == 0)
        return code;
    string[] verb = parsed.CommandResult.Command == root ? [] : [parsed.CommandResult.Command.Name];
    await Console.Error.WriteLineAsync($"The options are listed by: {program.CommandLine([.. verb, "--help"])}");
    return ExitCodes.Usage;
}
catch (OperationCanceledException)
{
    return ExitCodes.Stopped;
}
catch (Exception e) when (e is UserErrorException or InvalidDataException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return ExitCodes.Usage;
}
catch (Exception e)
{
    // Files and storage can be away. Everything else is a bug, and its stack trace helps to find it.
    bool away = UserErrorException.From(e) is not null || StorageFailure.Is(e);
    await Console.Error.WriteLineAsync(away ? $"{e.GetType().Name}: {e.Message}" : e.ToString());
    return ExitCodes.Failed;
}
