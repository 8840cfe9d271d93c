namespace KeypointPipeline.Local.Machine;

/// <summary>The checkout this program was built in: tools and built programs are found from there.</summary>
public static class RepositoryRoot
{
    private const string Landmark = "KeypointPipeline.sln";

    /// <summary>Full path of the checkout's root folder.</summary>
    /// <exception cref="DirectoryNotFoundException">The program does not stand inside a checkout.</exception>
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, Landmark)))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException(
            $"No {Landmark} in {start} or above it: run the program from its checkout (./keypoints), not from a copy of its output folder.");
    }
}
