using System.Text.Json;

namespace KeypointPipeline.Api;

/// <summary>The description of all addresses, <c>shared/Api/openapi.json</c>. Tests compare it with the routes of both hosts, with the
/// types of bodies and answers, and with the answers of the tests.</summary>
/// <remarks>To add an address, add it to <c>paths</c>. Then run <c>OpenApiTests</c>: they write the schemas of new types to
/// <c>artifacts/openapi.json</c>.</remarks>
public static class OpenApiDocument
{
    private const string ResourceName = "openapi.json";

    /// <summary>The document.</summary>
    public static JsonElement Root { get; } = Read();

    private static JsonElement Read()
    {
        using Stream resource = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The assembly lacks {ResourceName}.");
        using JsonDocument document = JsonDocument.Parse(resource);
        return document.RootElement.Clone();
    }
}
