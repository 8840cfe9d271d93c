using KeypointPipeline.Local.Machine;
using Xunit;

namespace KeypointPipeline.Structure.Tests;

/// <summary>Folders stay small, and tests stand where their subject stands.</summary>
public sealed class FolderTests
{
    private const int MostFiles = 19;

    /// <summary>Drawn faces are one figure in many parts; networks and formats are found by the code, a file or a folder each.</summary>
    private static readonly string[] Unlimited = ["local/Demo/DrawnFaces", "trainer-job/Networks", "shared/Formats"];

    /// <summary>Folders of tests without a folder that they test: help for other tests, and the suite that all formats of labels must pass.</summary>
    private static readonly string[] NotMirrored = ["Support", "Compliance"];

    private static readonly string[] Mirrored = ["shared", "local", "trainer-job", "functions", "bench"];

    [Fact]
    public void No_folder_has_twenty_files_or_more()
    {
        string[] large =
        [
            .. from project in (string[])[.. Mirrored, "tests"]
               from file in SourceFiles.Of(Path.Combine(RepositoryRoot.Path, project))
               group file by Relative(Path.GetDirectoryName(file)!) into folder
               where folder.Count() > MostFiles && !Unlimited.Contains(folder.Key)
               select $"{folder.Key}: {folder.Count()} files",
        ];

        Assert.True(large.Length == 0, string.Join(Environment.NewLine, large));
    }

    [Fact]
    public void A_folder_of_tests_has_the_name_of_the_folder_that_it_tests()
    {
        string[] astray =
        [
            .. from project in Mirrored
               let tests = Path.Combine(RepositoryRoot.Path, "tests", project)
               from folder in Directory.EnumerateDirectories(tests, "*", SearchOption.AllDirectories)
               where !NotMirrored.Contains(Path.GetFileName(folder)) && SourceFiles.Of(folder).Any()
               where !Directory.Exists(Path.Combine(RepositoryRoot.Path, project, Path.GetRelativePath(tests, folder)))
               select Relative(folder),
        ];

        Assert.True(astray.Length == 0, string.Join(Environment.NewLine, astray));
    }

    private static string Relative(string path) =>
        Path.GetRelativePath(RepositoryRoot.Path, path).Replace(Path.DirectorySeparatorChar, '/');
}
