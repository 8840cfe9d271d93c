using KeypointPipeline.Local.Machine;

namespace KeypointPipeline.Structure.Tests;

/// <summary>A project of the product: its folder of sources and the assembly that was built from it.</summary>
/// <param name="Folder">The folder below the repository's root.</param>
/// <param name="Project">The project file's name without its ending.</param>
/// <param name="AssemblyFile">The assembly's file name.</param>
/// <param name="Namespace">The namespace of the project's root folder.</param>
public sealed record ProductProject(string Folder, string Project, string AssemblyFile, string Namespace)
{
    public static ProductProject[] All { get; } =
    [
        new("shared", "KeypointPipeline.Shared", "KeypointPipeline.Shared.dll", "KeypointPipeline"),
        new("local", "KeypointPipeline.Local", "keypoints.dll", "KeypointPipeline.Local"),
        new("trainer-job", "KeypointPipeline.TrainerJob", "keypoint-trainer.dll", "KeypointPipeline.TrainerJob"),
        new("functions", "KeypointPipeline.Functions", "KeypointPipeline.Functions.dll", "KeypointPipeline.Functions"),
    ];

    /// <summary>Full path of the folder of sources.</summary>
    public string SourceFolder => Path.Combine(RepositoryRoot.Path, Folder);

    /// <summary>Full path of the folder that holds the assembly. Builds of one configuration lie side by side.</summary>
    public string OutputFolder => Path.Combine(
        RepositoryRoot.Path, "artifacts", "bin", Project, Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));

    /// <summary>Whether it was built: <c>functions/</c> is left out where a feed lacks its packages.</summary>
    public bool IsBuilt => File.Exists(Path.Combine(OutputFolder, AssemblyFile));

    public override string ToString() => Folder;
}
