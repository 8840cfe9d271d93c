namespace KeypointPipeline.Local.Machine;

/// <summary>Finds the checkout that this program was built in, which contains the tools and the built programs.</summary>
public static class RepositoryRoot
{
    private const string Landmark = "KeypointPipeline.sln";

    /// <summary>Full path of the checkout's root folder.</summary>
    /// <exception cref="DirectoryNotFoundException">The program is not inside a checkout.</exception>
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, Landmark)))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException(
            $"No {Landmark} in {start} or above it. Run the program from its checkout (./keypoints), not from a copy of its output folder.");
    }
}
