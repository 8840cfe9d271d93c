using KeypointPipeline.Local.Machine;
using KeypointPipeline.TestSupport.Documents;

namespace KeypointPipeline.Docs.Tests;

/// <summary>The Markdown pages of the checkout.</summary>
internal static class Pages
{
    /// <summary>Folders that are built, fetched or written by the tool.</summary>
    private static readonly string[] NotOurs = ["artifacts", "obj", "bin", "node_modules", "demo-results", "fuzz-failures"];

    /// <summary>Every page, README first.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } =
    [
        .. Files(new DirectoryInfo(RepositoryRoot.Path))
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file.FullName).Replace(Path.DirectorySeparatorChar, '/'))
            .OrderBy(path => path.Count(c => c == '/')).ThenBy(path => path, StringComparer.Ordinal)
            .Select(MarkdownPage.Read),
    ];

    private static IEnumerable<FileInfo> Files(DirectoryInfo folder) => folder.EnumerateFiles("*.md").Concat(
        folder.EnumerateDirectories()
            .Where(child => !NotOurs.Contains(child.Name) && (child.Name == ".github" || child.Name[0] != '.'))
            .SelectMany(Files));
}
