using System.CommandLine;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Training;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints up</c>: runs the host until Ctrl-C.</summary>
internal static class UpCommand
{
    private const string ScheduleVariable = "RETRAIN_SCHEDULE";

    private static readonly TrainingSettings DefaultTraining = new();

    public static Command Create()
    {
        var home = CommonOptions.Home();
        var port = new Option<int>("--port")
        {
            Description = "Loopback port of the HTTP surface; 0 picks a free one",
            DefaultValueFactory = _ => LocalHostOptions.DefaultPort,
        };
        var command = new Command("up", "Run the pipeline on this machine until Ctrl-C: storage server, workflows, HTTP\n\n"
            + "  keypoints up\n\n"
            + $"Environment: {ScheduleVariable}, when to retrain (cron, UTC; default '0 3 * * *'; 'never' for never);\n"
            + $"{TrainingVariables.Epochs} and {TrainingVariables.Network}, how to train (default {DefaultTraining.Epochs} epochs of {DefaultTraining.Network})")
        {
            home, port,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(home), parsed.GetValue(port), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo home, int port, CancellationToken cancellationToken)
    {
        var options = new LocalHostOptions
        {
            Home = home.FullName,
            Port = port,
            Training = ReadTraining(),
            OnProgress = AnsiConsole.WriteLine,
        };
        if (Read(ScheduleVariable) is string schedule)
            options = options with { RetrainSchedule = schedule == "never" ? null : schedule };

        await using LocalHost host = await LocalHost.StartAsync(options, cancellationToken);
        Console.WriteLine($"KeypointPipeline runs on {host.Url} with its data in {home.FullName}");
        Console.WriteLine("In another terminal: ./keypoints drop FILE|FOLDER, ./keypoints status. Ctrl-C stops it; nothing is lost.");
        try
        {
            await host.Completion.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Console.WriteLine("Stopping; trainings save a checkpoint first.");
        }

        return 0;
    }

    private static TrainingSettings ReadTraining()
    {
        try
        {
            return TrainingVariables.Read(Environment.GetEnvironmentVariable);
        }
        catch (FormatException e)
        {
            throw new CommandException(e.Message);
        }
    }

    private static string? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
