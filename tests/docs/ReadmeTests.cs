using System.Text.RegularExpressions;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.TestSupport.Documents;
using Xunit;

namespace KeypointPipeline.Docs.Tests;

/// <summary>README against the checkout.</summary>
public sealed partial class ReadmeTests
{
    private static readonly MarkdownPage Readme = MarkdownPage.Read("README.md");

    [Fact]
    public void The_table_of_folders_names_every_folder_of_the_checkout()
    {
        string[] ignored = [.. File.ReadLines(Path.Combine(RepositoryRoot.Path, ".gitignore")).Select(line => line.Trim('/'))];
        IEnumerable<string> folders = new DirectoryInfo(RepositoryRoot.Path).EnumerateDirectories()
            .Select(folder => folder.Name)
            .Where(name => name[0] != '.' && !ignored.Contains(name))
            .Select(name => $"{name}/");

        Findings.AssertTable(Readme.Path, Readme.Table("How it is made", "folder"), folders);
    }

    [Fact]
    public void README_and_the_command_announce_the_same_download()
    {
        string script = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "keypoints"));
        string readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, Readme.Path));

        string announced = Download.Match(script).Groups["size"].Value;
        Assert.True(announced.Length > 0, "keypoints does not say how much its first run downloads");
        Assert.True(
            Download.Match(readme).Groups["size"].Value == announced,
            $"{Readme.Path}: does not say 'downloads about {announced} of', as keypoints does");
    }

    [GeneratedRegex(@"downloads about (?<size>\d+ MB) of", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Download { get; }
}
