using System.Diagnostics;
using KeypointPipeline.Finding;
using KeypointPipeline.Local.Machine;

namespace KeypointPipeline.Local.Training;

/// <summary>Finds the trainer that was built together with this tool.</summary>
public static class TrainerProgram
{
    /// <summary>Creates the command line that runs the trainer.</summary>
    /// <param name="arguments">Verb and options of the trainer.</param>
    /// <exception cref="FileNotFoundException">The trainer is not built.</exception>
    public static ProcessStartInfo Start(IEnumerable<string> arguments)
    {
        // Output folders are artifacts/bin/<project>/<configuration>. Use the trainer of this configuration.
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.Combine(
            RepositoryRoot.Path, "artifacts", "bin", "KeypointPipeline.TrainerJob", configuration, "keypoint-trainer.dll");
        if (!File.Exists(program))
            throw new FileNotFoundException($"The trainer is not built: {program} is missing. Run `dotnet build KeypointPipeline.sln`.", program);
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]);
        // The trainer's own folder lacks them, because its image has no Node to fetch them.
        start.Environment[FaceDetector.FolderVariable] = FaceDetector.Folder;
        return start;
    }
}
