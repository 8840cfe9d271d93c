using KeypointPipeline.Local.Machine;
using KeypointPipeline.TestSupport.Documents;
using Xunit;

namespace KeypointPipeline.Docs.Tests;

/// <summary>Links between pages, and the files and tests that pages name.</summary>
public sealed class LinkTests
{
    /// <summary>The folders whose files pages name by their path.</summary>
    private static readonly string[] Roots = ["shared/", "local/", "trainer-job/", "functions/", "infra/", "bench/", "tests/", "docs/", ".ci/", ".github/"];

    [Fact]
    public void A_relative_link_leads_to_a_file_and_a_heading_that_exist()
    {
        PagePart[] links = [.. Pages.All.SelectMany(page => page.Links).Where(link => !link.Text.Contains(':', StringComparison.Ordinal))];

        Assert.NotEmpty(links);
        Findings.AssertNone(Pages.All.SelectMany(page => page.Links, Problem).OfType<string>());
    }

    [Fact]
    public void A_path_in_a_code_span_exists()
    {
        PagePart[] paths =
        [
            .. Pages.All.SelectMany(page => page.CodeSpans)
                .Where(span => Roots.Any(root => span.Text.StartsWith(root, StringComparison.Ordinal))
                    && !span.Text.Any(" {}*…<>".Contains)),
        ];

        Assert.NotEmpty(paths);
        Findings.AssertNone(
            from path in paths
            where !Path.Exists(Path.Combine(RepositoryRoot.Path, path.Text))
            select $"{path.Place}: there is no '{path.Text}'");
    }

    [Fact]
    public void A_test_class_in_a_code_span_exists()
    {
        HashSet<string> files =
        [
            .. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "tests"), "*.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetFileNameWithoutExtension(file)),
        ];
        PagePart[] classes =
        [
            .. Pages.All.SelectMany(page => page.CodeSpans)
                .Where(span => span.Text.All(char.IsAsciiLetterOrDigit)
                    && (span.Text.EndsWith("Tests", StringComparison.Ordinal) || span.Text.EndsWith("Suite", StringComparison.Ordinal))),
        ];

        Assert.NotEmpty(classes);
        Findings.AssertNone(
            from test in classes
            where !files.Contains(test.Text)
            select $"{test.Place}: tests/ has no class '{test.Text}'");
    }

    [Theory]
    [InlineData("[x](#other-one)", null)]
    [InlineData("[x](#nowhere)", "docs/deploy.md:3: the page has no heading '#nowhere'")]
    [InlineData("[x](architecture.md#every-step)", null)]
    [InlineData("[x](architecture.md#every-mistake)", "docs/deploy.md:3: docs/architecture.md has no heading '#every-mistake'")]
    [InlineData("[x](missing.md)", "docs/deploy.md:3: there is no 'docs/missing.md'")]
    [InlineData("[x](https://example.com/missing.md)", null)]
    public void A_broken_link_is_named_with_its_place(string link, string? problem)
    {
        var page = MarkdownPage.Parse("docs/deploy.md", $"# Other `one`\n\n{link}\n");

        Assert.Equal(problem, Problem(page, Assert.Single(page.Links)));
    }

    private static string? Problem(MarkdownPage page, PagePart link)
    {
        if (link.Text.Contains(':', StringComparison.Ordinal))
            return null;
        string[] parts = link.Text.Split('#', 2);
        if (parts[0].Length == 0)
            return page.Anchors.Contains(parts[1]) ? null : $"{link.Place}: the page has no heading '#{parts[1]}'";

        string target = Path.GetRelativePath(
            RepositoryRoot.Path, Path.Combine(RepositoryRoot.Path, Path.GetDirectoryName(page.Path)!, parts[0])).Replace(Path.DirectorySeparatorChar, '/');
        if (!Path.Exists(Path.Combine(RepositoryRoot.Path, target)))
            return $"{link.Place}: there is no '{target}'";
        return parts.Length == 1 || MarkdownPage.Read(target).Anchors.Contains(parts[1])
            ? null
            : $"{link.Place}: {target} has no heading '#{parts[1]}'";
    }
}
