using System.Reflection;
using KeypointPipeline.Functions.Hosting;
using KeypointPipeline.TestSupport.Documents;
using Microsoft.Azure.Functions.Worker;
using Xunit;

namespace KeypointPipeline.Functions.Tests;

/// <summary>The tables of docs/architecture.md against the function app. <c>tests/docs</c> compares the others.</summary>
public sealed class ArchitecturePageTests
{
    private static readonly MarkdownPage Page = MarkdownPage.Read("docs/architecture.md");

    [Fact]
    public void Every_trigger_has_a_row() => Findings.AssertTable(
        Page.Path,
        Page.Table("Every trigger", "function"),
        [.. Triggered<BlobTriggerAttribute>().Keys, .. Triggered<QueueTriggerAttribute>().Keys, .. Triggered<TimerTriggerAttribute>().Keys]);

    [Fact]
    public void Every_orchestrator_has_a_row() =>
        Findings.AssertTable(Page.Path, Page.Table("Every workflow", "orchestrator"), Triggered<OrchestrationTriggerAttribute>().Keys);

    /// <summary>The table also has steps that are not activities: a timer runs them.</summary>
    [Fact]
    public void Every_activity_has_a_row()
    {
        string[] steps = [.. Page.Table("Every step", "step").SelectMany(row => row.Subjects)];

        Findings.AssertNone(Triggered<ActivityTriggerAttribute>().Keys.Except(steps).Select(missing => $"{Page.Path}: no row for '{missing}'"));
    }

    [Fact]
    public void Every_endpoint_has_a_row_with_its_function()
    {
        string[] functions = [.. Triggered<HttpTriggerAttribute>().Select(function =>
            $"{function.Value.Methods![0].ToUpperInvariant()} /api/{function.Value.Route} is {function.Key}")];
        PageRow[] rows = [.. Page.Table("Every endpoint", "endpoint").Where(row => row.Subjects[0].Contains(" /api/", StringComparison.Ordinal))];
        var told = rows.ToDictionary(row => $"{row.Subjects.Single()} is {row.Cells[1].Text}", row => row.Place);

        Assert.NotEmpty(functions);
        Findings.AssertNone(
        [
            .. told.Where(row => !functions.Contains(row.Key)).Select(row => $"{row.Value}: not so in the code: {row.Key}"),
            .. functions.Except(told.Keys).Select(missing => $"{Page.Path}: no row that says {missing}"),
        ]);
    }

    /// <summary>Every function with a trigger of a kind, by name.</summary>
    private static Dictionary<string, T> Triggered<T>()
        where T : Attribute => (
            from type in typeof(PipelineSettings).Assembly.GetTypes()
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            let function = method.GetCustomAttribute<FunctionAttribute>()
            where function is not null
            from parameter in method.GetParameters()
            let trigger = parameter.GetCustomAttribute<T>()
            where trigger is not null
            select (function.Name, trigger)).ToDictionary(found => found.Name, found => found.trigger);
}
