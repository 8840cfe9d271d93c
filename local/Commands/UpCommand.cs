using System.CommandLine;
using System.Net;
using KeypointPipeline.Finding;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Local.Http;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints up</c>: runs the host until Ctrl-C.</summary>
internal static class UpCommand
{
    private static readonly TrainingSettings DefaultTraining = new();

    public static Command Create()
    {
        var home = CommonOptions.Home();
        var port = new Option<int>("--port")
        {
            Description = "Port of the HTTP API; 0 picks a free port",
            DefaultValueFactory = _ => LocalHostOptions.DefaultPort,
        };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
                result.AddError($"--port takes a number from {IPEndPoint.MinPort} to {IPEndPoint.MaxPort}.");
        });
        var listen = new Option<string>("--listen")
        {
            Description = "IP address to listen on, 0.0.0.0 for all of this machine's; unless it is a loopback address, every request needs a key",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => "localhost",
        };
        listen.Validators.Add(result =>
        {
            if (FindAddress(result.GetValueOrDefault<string>()) is null)
                result.AddError("--listen takes one of this machine's IP addresses, 0.0.0.0 for all of them, or localhost.");
        });
        Option<FinderKind?> finder = CommonOptions.Finder("the one that suits the model counts. A batch can state another");
        var command = new Command("up", "Run the pipeline on this machine until Ctrl-C: storage server, workflows, HTTP\n\n"
            + "  keypoints up\n  keypoints up --listen 0.0.0.0\n\n"
            + $"Environment: {Retrain.ScheduleVariable}, when to retrain (cron, UTC; default '{LocalHostOptions.DefaultRetrainSchedule}'; 'never' for never);\n"
            + $"{TrainingHostSettings.Epochs} and {TrainingHostSettings.Network}, how to train (default {DefaultTraining.Network}; epochs: {TrainingLength.Description})")
        {
            home, port, listen, finder,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(home), FindAddress(parsed.GetRequiredValue(listen))!, parsed.GetValue(port), parsed.GetValue(finder), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo home, IPAddress listen, int port, FinderKind? finder, CancellationToken cancellationToken)
    {
        var options = new LocalHostOptions
        {
            Home = home.FullName,
            Listen = listen,
            Port = port,
            Training = ReadTraining(),
            Finder = finder,
            OnProgress = AnsiConsole.WriteLine,
        };
        if (Read(Retrain.ScheduleVariable) is string schedule)
            options = options with { RetrainSchedule = schedule == "never" ? null : schedule };

        await using LocalHost host = await LocalHost.StartAsync(options, cancellationToken);
        Console.WriteLine($"KeypointPipeline runs on {host.Url} with its data in {home.FullName}");
        if (!IPAddress.IsLoopback(listen))
        {
            string where = listen.Equals(IPAddress.Any) || listen.Equals(IPAddress.IPv6Any) ? "every address of this machine" : listen.ToString();
            Console.WriteLine($"Other machines reach it at {where}, port {host.Url.Port}. Every request needs the key in {new LocalHostFiles(home.FullName).HttpKey}, "
                + $"as header {KeyGuard.Header} or as ?{KeyGuard.Query}=KEY. The key travels unencrypted: outside a network that you trust, "
                + "put a proxy with TLS in front.");
        }

        Console.WriteLine($"Open {host.Url} in a browser to watch and act.");
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

    private static IPAddress? FindAddress(string? text) =>
        text == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(text, out IPAddress? address) ? address : null;

    private static TrainingSettings ReadTraining()
    {
        try
        {
            return TrainingHostSettings.Read(Environment.GetEnvironmentVariable);
        }
        catch (FormatException e)
        {
            throw new CommandException(e.Message);
        }
    }

    private static string? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
