using System.Diagnostics;
using KeypointPipeline.Local.Machine;

namespace KeypointPipeline.Local.Training;

/// <summary>The trainer that was built together with this tool.</summary>
public static class TrainerProgram
{
    /// <summary>The command line that runs the trainer.</summary>
    /// <param name="arguments">Its verb and options.</param>
    /// <exception cref="FileNotFoundException">The trainer was not built.</exception>
    public static ProcessStartInfo Start(IEnumerable<string> arguments)
    {
        // Output folders are artifacts/bin/<project>/<configuration>: use the trainer of this configuration.
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.Combine(
            RepositoryRoot.Path, "artifacts", "bin", "KeypointPipeline.TrainerJob", configuration, "keypoint-trainer.dll");
        if (!File.Exists(program))
            throw new FileNotFoundException($"The trainer is not built: {program} is missing. Run `dotnet build KeypointPipeline.sln`.", program);
        return new ProcessStartInfo("dotnet", [program, .. arguments]);
    }
}
