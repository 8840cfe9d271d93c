using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Errors;
using KeypointPipeline.Local.Demo;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Serialization;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using SkiaSharp;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints demo</c>: runs the whole pipeline as a user would. It drops a labelled file, trains and publishes a model,
/// drops photos of several people and downloads the keypoints of every face.</summary>
internal static class DemoCommand
{
    private const string PictureFile = "faces.png";

    /// <summary>On two cores, the training takes about two minutes for the drawn faces, and about three for a few thousand real ones.</summary>
    private static readonly TrainingSettings DrawnTraining = new(Epochs: 36, Network: "ml-resnet-small", BatchSize: 32);

    /// <summary>Steps, because nobody knows how many rows the file has: as many as 20 epochs of 2,900 rows.</summary>
    private static readonly TrainingSettings GivenTraining = DrawnTraining with { Epochs = null, Steps = 1_800 };

    public static Command Create()
    {
        var data = new Option<FileInfo?>("--data") { Description = "Labelled file to train on; without it, the demo draws faces" };
        var images = new Option<string?>("--images") { Description = "Folder or zip of images to predict; goes with --data" };
        var output = new Option<DirectoryInfo>("--out")
        {
            Description = "Folder for all files of the demo; the demo empties it first",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(RepositoryRoot.Path, "demo-results")),
        };
        var command = new Command("demo", "See the pipeline work: drop labelled faces, train, publish, predict a batch of images, show the result\n\n"
            + "  keypoints demo\n  keypoints demo --data training.zip --images photos")
        {
            data, images, output,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            DemoInputs? given = (parsed.GetValue(data), parsed.GetValue(images)) switch
            {
                (null, null) => null,
                (FileInfo file, string path) => new DemoInputs(file.FullName, path, Truth: null),
                _ => throw new CommandException("--data and --images go together: a labelled file to train on, and images to predict.", ExitCodes.Usage),
            };
            return RunAsync(given, parsed.GetRequiredValue(output).FullName, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(DemoInputs? given, string folder, CancellationToken cancellationToken)
    {
        await DemoFolder.EmptyAsync(folder, cancellationToken);
        DemoInputs inputs = given ?? await DrawAsync(Path.Combine(folder, "inputs"), cancellationToken);
        await using LocalHost host = await LocalHost.StartAsync(
            new LocalHostOptions
            {
                Home = DemoFolder.HostHome(folder),
                Port = 0,
                RetrainSchedule = null,
                Training = given is null ? DrawnTraining : GivenTraining,
                OnProgress = AnsiConsole.WriteLine,
            },
            cancellationToken);
        Console.WriteLine($"Host started on {host.Url}; its data is in {DemoFolder.HostHome(folder)}");

        string model = Path.Combine(folder, "model.onnx");
        await TrainAsync(host, inputs.Dataset, model, cancellationToken);
        DemoResults results = await PredictAsync(host, inputs.Images, Path.Combine(folder, "results"), cancellationToken);
        if (inputs.Truth is not null)
            Describe(DemoScore.Of(results.Images, inputs.Truth));

        string picture = Path.Combine(folder, PictureFile);
        await DemoPicture.WriteAsync(picture, inputs.Images, results, cancellationToken);
        using (SKBitmap shown = SKBitmap.Decode(picture))
            TerminalPicture.Show(AnsiConsole.Console, shown);
        Console.WriteLine("Look at:");
        Console.WriteLine($"  {picture}");
        Console.WriteLine($"  {results.File(ResultFiles.Report)}");
        Console.WriteLine($"  {results.File(ResultFiles.Csv)}");
        Console.WriteLine($"  {model}");
        Console.WriteLine("Then start your own: ./keypoints up, and ./keypoints drop FILE|FOLDER in another terminal.");
        return 0;
    }

    private static async Task<DemoInputs> DrawAsync(string folder, CancellationToken cancellationToken)
    {
        DemoInputs drawn = null!;
        Console.WriteLine($"Drawing labelled faces, most of them half-labelled as in Kaggle's data, into {folder}");
        await ConsoleProgress.RunAsync("drawing", async report => drawn = await DemoInputs.DrawAsync(folder, report, cancellationToken));
        return drawn;
    }

    private static async Task TrainAsync(LocalHost host, string dataset, string modelFile, CancellationToken cancellationToken)
    {
        Console.WriteLine($"Dropping {Path.GetFileName(dataset)} into the container 'datasets'");
        DroppedItem item = await new Dropper(host.Storage).DropAsync(dataset, name: null, progress: null, cancellationToken);
        var output = await FollowAsync<IngestDatasetOutput>(host, item, "training", cancellationToken);
        if (output.Training?.Version is not string version)
            throw new CommandException($"No model was trained on {item.Name}: {output.Reason ?? output.Training?.Reason}");
        Console.WriteLine($"{output.RowsAccepted:N0} rows used, {output.RowsRejected:N0} bad rows skipped and listed in reports/{output.DatasetId}.json");
        Console.WriteLine($"Of these, {output.Training.Rows}");
        Console.WriteLine($"Model {version}: test error {output.Training.Evaluation?.DescribeCandidate()}; "
            + (output.Training.Promoted ? "it is the champion" : output.Training.Reason));
        await new ModelRegistry(host.Storage, TimeProvider.System).DownloadAsync(version, modelFile, cancellationToken);
    }

    private static async Task<DemoResults> PredictAsync(LocalHost host, string images, string folder, CancellationToken cancellationToken)
    {
        Console.WriteLine($"Dropping {Path.GetFileName(Path.TrimEndingDirectorySeparator(images))} into the container 'images'");
        DroppedItem item = await new Dropper(host.Storage).DropAsync(images, name: null, progress: null, cancellationToken);
        var output = await FollowAsync<InferBatchOutput>(host, item, "predicting", cancellationToken);
        DemoResults results = await DemoResults.DownloadAsync(host.Storage, item.Name, folder, cancellationToken);
        Console.WriteLine($"{output.Succeeded:N0} of {output.Images:N0} photos have keypoints. {results.Summary.WithoutFace ?? 0:N0} show no face, and "
            + $"{output.Failed - (results.Summary.WithoutFace ?? 0):N0} could not be read; errors.csv lists both");
        return results;
    }

    private static void Describe(DemoScore score)
    {
        Console.WriteLine($"{score.Found:N0} of {score.Faces:N0} faces found, {score.Wrong:N0} wrong finds, on photos that the model never saw");
        if (score.MeanError is double error)
            Console.WriteLine($"Mean error of the found faces: {error:0.0} % of the distance between the eyes");
    }

    private static async Task<T> FollowAsync<T>(LocalHost host, DroppedItem item, string title, CancellationToken cancellationToken)
    {
        WorkflowStatus ended = await new InstanceFollower(host.Workflows.GetAsync, asJson: false).FollowAsync(item.InstanceId, title, cancellationToken);
        if (ended.RuntimeStatus != WorkflowRuntimeStatus.Completed || ended.Output is not JsonElement output)
            throw new CommandException($"{ended.InstanceId} ended as {ended.RuntimeStatus}: {ended.Output}");
        return output.Deserialize<T>(PipelineJson.Compact)!;
    }
}
