using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KeypointPipeline.Api;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.TestSupport.OpenApi;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api;

/// <summary><c>shared/Api/openapi.json</c> against the code. The tests of both hosts compare it with their routes, and the tests over HTTP
/// with each answer.</summary>
public sealed class OpenApiTests
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    [Fact]
    public void It_describes_every_endpoint_under_its_name_and_no_other() => Assert.Equal(
        ApiRoute.All.Select(route => $"{route.FunctionName}: {Plain(route)}").Order(StringComparer.Ordinal),
        DescribedApi.Operations.Where(operation => operation.Contains(" /api/", StringComparison.Ordinal))
            .Select(operation => $"{DescribedApi.Operation(operation).GetProperty("operationId").GetString()}: {operation}")
            .Order(StringComparer.Ordinal));

    [Fact]
    public void It_has_every_placeholder_of_an_address_once() => Assert.All(DescribedApi.Operations, operation => Assert.Equal(
        Regex.Matches(operation, @"\{(?<name>\w+)\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture).Select(match => match.Groups["name"].Value),
        Parameters(operation).Where(parameter => parameter.TryGetProperty("in", out JsonElement place) && place.ValueEquals("path"))
            .Select(parameter => parameter.GetProperty("name").GetString()!)));

    /// <summary>After a change of a type, copy the file that the message names.</summary>
    [Fact]
    public void Its_schemas_are_those_of_the_types_of_bodies_and_answers()
    {
        JsonObject expected = OpenApiSchemas.Update(OpenApiDocument.Root);
        if (!JsonNode.DeepEquals(expected, JsonNode.Parse(OpenApiDocument.Root.GetRawText())))
        {
            string written = Path.Combine(RepositoryRoot.Path, "artifacts", "openapi.json");
            File.WriteAllText(written, expected.ToJsonString(Format) + "\n");
            Assert.Fail($"The schemas of shared/Api/openapi.json differ from the code. Look at the difference, then: cp {written} shared/Api/openapi.json");
        }
    }

    [Fact]
    public void A_problem_of_an_answer_is_found()
    {
        JsonElement health = JsonSerializer.SerializeToElement(new { status = "healthy", version = "1" });
        Assert.Null(DescribedApi.FindDifference("GET", "/api/health", 200, "application/json", health));

        Assert.Contains("418", DescribedApi.FindDifference("GET", "/api/health", 418, "application/json", health), StringComparison.Ordinal);
        Assert.Contains("lacks version", Difference(new { status = "healthy" }), StringComparison.Ordinal);
        Assert.Contains("other", Difference(new { status = "healthy", version = "1", other = 1 }), StringComparison.Ordinal);
        Assert.Contains("version is 1", Difference(new { status = "healthy", version = 1 }), StringComparison.Ordinal);
        Assert.Contains("is not described", DescribedApi.FindDifference("GET", "/api/nothing", 200, null, null), StringComparison.Ordinal);

        static string? Difference(object body) =>
            DescribedApi.FindDifference("GET", "/api/health", 200, "application/json", JsonSerializer.SerializeToElement(body));
    }

    private static JsonElement[] Parameters(string operation) =>
        DescribedApi.Operation(operation).TryGetProperty("parameters", out JsonElement parameters) ? [.. parameters.EnumerateArray()] : [];

    private static string Plain(ApiRoute route) => $"{route}".Replace("{*", "{", StringComparison.Ordinal);
}
