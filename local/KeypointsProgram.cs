using System.CommandLine;
using KeypointPipeline.Local.Commands;
using KeypointPipeline.Local.Commands.Conversion;
using KeypointPipeline.Local.Commands.Data;
using KeypointPipeline.Local.Development;

namespace KeypointPipeline.Local;

/// <summary>The command line of this tool, apart from <c>Program.cs</c> so that tests can parse with it.</summary>
internal static class KeypointsProgram
{
    /// <summary>Creates the root command with every command below it.</summary>
    public static RootCommand CreateCommand() =>
        new("Turns half-labelled keypoint data into a served model: drop a CSV, get a model; drop images, get keypoints.")
        {
            DemoCommand.Create(),
            TestCommand.Create(),
            UpCommand.Create(),
            DropCommand.Create(),
            StatusCommand.Create(),
            ResultsCommand.Create(),
            DatasetsCommand.Create(),
            BatchesCommand.Create(),
            ModelsCommand.Create(),
            TrainCommand.Create(),
            EvaluateCommand.Create(),
            PredictCommand.Create(),
            ConvertCommand.Create(),
            BenchCommand.Create(),
        };
}
