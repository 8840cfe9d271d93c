using System.Xml.Linq;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.TestSupport.Documents;
using Xunit;

namespace KeypointPipeline.Docs.Tests;

/// <summary>docs/dependencies.md against the pinned packages.</summary>
public sealed class DependencyTests
{
    private static readonly MarkdownPage Page = MarkdownPage.Read("docs/dependencies.md");

    private static readonly string Text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, Page.Path));

    [Fact]
    public void Every_pinned_package_is_on_the_page()
    {
        string[] pinned = [.. Pins()];

        Assert.NotEmpty(pinned);
        Findings.AssertNone(pinned.Where(package => !IsNamed(package)).Select(package => $"{Page.Path}: says nothing of the package {package}"));
    }

    [Fact]
    public void Every_package_with_a_row_is_pinned()
    {
        string[] pinned = [.. Pins()];

        Findings.AssertNone(
            from row in Page.Table("Dependencies", "package")
            where !row.Cells[0].Text.Contains("(npm)", StringComparison.Ordinal)
            from package in row.Cells[0].Text.Split(", ")
            where !pinned.Contains(package)
            select $"{row.Place}: Directory.Packages.props does not pin '{package}'");
    }

    private static IEnumerable<string> Pins() => XDocument.Load(Path.Combine(RepositoryRoot.Path, "Directory.Packages.props"))
        .Descendants("PackageVersion")
        .Select(package => package.Attribute("Include")!.Value);

    /// <summary>As a whole name, not as the beginning of a longer one.</summary>
    private static bool IsNamed(string package)
    {
        for (int at = Text.IndexOf(package, StringComparison.Ordinal); at >= 0; at = Text.IndexOf(package, at + 1, StringComparison.Ordinal))
        {
            string after = Text[(at + package.Length)..];
            if (after.Length == 0 || !(char.IsLetterOrDigit(after[0]) || (after[0] is '.' or '-' && after.Length > 1 && char.IsLetterOrDigit(after[1]))))
                return true;
        }

        return false;
    }
}
