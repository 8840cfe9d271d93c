using System.Text.RegularExpressions;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.TestSupport.Documents;
using Xunit;

namespace KeypointPipeline.Docs.Tests;

/// <summary>The floors of docs/architecture.md against the folders and their using directives.</summary>
public sealed partial class FloorTests
{
    private static readonly MarkdownPage Page = MarkdownPage.Read("docs/architecture.md");

    [Theory]
    [InlineData("shared/", "KeypointPipeline")]
    [InlineData("local/", "KeypointPipeline.Local")]
    [InlineData("trainer-job/", "KeypointPipeline.TrainerJob")]
    [InlineData("functions/", "KeypointPipeline.Functions")]
    public void A_folder_uses_only_the_folders_below_its_row(string project, string rootNamespace)
    {
        IReadOnlyList<PageRow> rows = Page.TableBelow("Floors", $"{project}:");
        string[] folders = [.. new DirectoryInfo(Path.Combine(RepositoryRoot.Path, project)).EnumerateDirectories()
            .Where(folder => folder.EnumerateFiles("*.cs", SearchOption.AllDirectories).Any())
            .Select(folder => folder.Name)];

        Findings.AssertTable(Page.Path, rows, folders);
        string[] floors = [.. rows.Select(row => row.Subjects.Single())];
        Findings.AssertNone((
            from row in rows
            let folder = row.Subjects[0]
            from file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, project, folder), "*.cs", SearchOption.AllDirectories)
            from Match used in UsingDirective.Matches(File.ReadAllText(file))
            let name = used.Groups["name"].Value
            where name.StartsWith($"{rootNamespace}.", StringComparison.Ordinal)
            let other = name[(rootNamespace.Length + 1)..].Split('.')[0]
            let place = Array.IndexOf(floors, other)
            where place >= 0 && place < Array.IndexOf(floors, folder)
            let source = Path.GetRelativePath(RepositoryRoot.Path, file)
            select (Folders: (folder, other), Text: $"{row.Place}: {folder} stands below {other}, but {source} uses {name}"))
            .DistinctBy(finding => finding.Folders)
            .Select(finding => finding.Text));
    }

    [GeneratedRegex(@"^using (static )?(?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex UsingDirective { get; }
}
