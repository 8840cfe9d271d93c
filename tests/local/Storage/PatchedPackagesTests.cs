using System.Text.Json;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Storage;

/// <summary>Runs <c>serve.cjs</c> with an Azurite that only says that it runs, and with a changed copy of LokiJS.</summary>
public sealed class PatchedPackagesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_expected_packages_are_patched_and_run()
    {
        ToolOutcome outcome = await ServeAsync("3.35.0", "1.5.12", change: "");

        Assert.Equal((0, "", "runs"), (outcome.ExitCode, outcome.Errors, outcome.Output.Trim()));
    }

    [Theory]
    [InlineData("3.36.0", "1.5.12", "expect azurite 3.35.0 and found azurite 3.36.0")]
    [InlineData("3.35.0", "1.5.13", "expect lokijs 1.5.12 and found lokijs 1.5.13")]
    public async Task Another_version_does_not_run_and_the_error_says_what_to_do(string azurite, string loki, string error)
    {
        ToolOutcome outcome = await ServeAsync(azurite, loki, change: "");

        AssertRefused(outcome, error);
    }

    [Theory]
    [InlineData("delete Loki.Collection.prototype.insertOne;", "expect the method Collection.insertOne and found none")]
    [InlineData("Loki.LokiFsAdapter.prototype.saveDatabase = (file, content) => {};", "expect LokiFsAdapter.saveDatabase with 3 parameters and found one with 2")]
    [InlineData("delete Loki.Resultset;", "expect the method Resultset.find and found none")]
    [InlineData("const { addCollection } = Loki.prototype; Loki.prototype.addCollection = function (name, options) { const made = addCollection.call(this, name, options); delete made.maxId; return made; };", "expect the field Collection.maxId and found none")]
    public async Task A_method_or_field_that_is_not_as_expected_is_named(string change, string error)
    {
        ToolOutcome outcome = await ServeAsync("3.35.0", "1.5.12", change);

        AssertRefused(outcome, error);
    }

    private static void AssertRefused(ToolOutcome outcome, string error)
    {
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(error, outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("Either restore local/Storage/package.json and package-lock.json, or adapt", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("    at ", outcome.Errors, StringComparison.Ordinal);
    }

    private static async Task<ToolOutcome> ServeAsync(string azuriteVersion, string lokiVersion, string change)
    {
        using TemporaryFolder folder = TestFolder.Create("packages");
        string real = await AzuriteInstallation.EnsureAsync(onProgress: null, Cancel);
        string azurite = await WritePackageAsync(folder, "azurite", azuriteVersion, "main.js", "console.log('runs');");
        await WritePackageAsync(
            folder,
            "lokijs",
            lokiVersion,
            "index.js",
            $$"""
            const Loki = require(require.resolve('lokijs', { paths: [{{JsonSerializer.Serialize(real)}}] }));
            {{change}}
            module.exports = Loki;
            """);
        string serve = Path.Combine(AzuriteInstallation.SourceFolder, "serve.cjs");
        return await new NodeTool("this test").RunNodeAsync([serve, folder.File("owner"), "0", azurite], environment: null, Cancel);
    }

    private static async Task<string> WritePackageAsync(TemporaryFolder folder, string name, string version, string file, string script)
    {
        string package = Directory.CreateDirectory(Path.Combine(folder.Path, "node_modules", name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(package, "package.json"), $$"""{ "name": "{{name}}", "version": "{{version}}" }""", Cancel);
        string main = Path.Combine(package, file);
        await File.WriteAllTextAsync(main, script, Cancel);
        return main;
    }
}
