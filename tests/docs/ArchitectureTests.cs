using System.Text.Json.Nodes;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.TestSupport.Documents;
using KeypointPipeline.TestSupport.OpenApi;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.Docs.Tests;

/// <summary>The tables of docs/architecture.md against the code. The tests of <c>functions/</c> compare triggers and
/// function names, because some feeds leave that project out.</summary>
public sealed class ArchitectureTests
{
    private static readonly MarkdownPage Page = MarkdownPage.Read("docs/architecture.md");

    [Fact]
    public void Every_workflow_of_the_catalog_has_a_row() => Findings.AssertTable(
        Page.Path, Page.Table("Every workflow", "orchestrator"), PipelineCatalog.Create().Workflows.Keys);

    [Fact]
    public void Every_step_of_the_catalog_has_a_row() => Findings.AssertTable(
        Page.Path, Page.Table("Every step", "step"), PipelineCatalog.Create().Steps.Keys);

    [Fact]
    public void Every_endpoint_that_the_local_host_serves_has_a_row() => Findings.AssertTable(
        Page.Path, Page.Table("Every endpoint", "endpoint"), ServedRoutes.All.Select(route => route.ToString()));

    [Fact]
    public void OpenApi_describes_every_address_that_the_local_host_serves_and_no_other() => Assert.Equal(
        ServedRoutes.All.Select(route => $"{route}".Replace("{*", "{", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        DescribedApi.Operations.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_setting_of_host_json_has_a_row_with_its_value()
    {
        Dictionary<string, string> settings = Settings(
            JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "host.json")))!, "").ToDictionary();
        IReadOnlyList<PageRow> rows = Page.Table("host.json", "setting");

        Findings.AssertTable(Page.Path, rows, settings.Keys);
        Findings.AssertNone(
            from row in rows
            let actual = settings[row.Subjects.Single()]
            where row.Cells[1].Text != actual
            select $"{row.Place}: {row.Subjects[0]} is '{actual}' in host.json, not '{row.Cells[1].Text}'");
    }

    private static IEnumerable<KeyValuePair<string, string>> Settings(JsonNode node, string path) => node is JsonObject group
        ? group.SelectMany(member => Settings(member.Value!, path.Length == 0 ? member.Key : $"{path}.{member.Key}"))
        : [new(path, node.ToString())];
}
