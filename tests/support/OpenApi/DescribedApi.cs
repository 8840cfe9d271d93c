using System.Text.Json;
using KeypointPipeline.Api;

namespace KeypointPipeline.TestSupport.OpenApi;

/// <summary>The addresses that <c>openapi.json</c> describes.</summary>
public static class DescribedApi
{
    /// <summary>Statuses that any address may answer: no key, a page of another site, too large a body, a fault of the host or of storage.</summary>
    private static readonly string[] Everywhere = ["401", "403", "413", "500", "503"];

    private static readonly string[] Methods = ["get", "put", "post", "delete"];

    /// <summary>Every method and address, for example <c>GET /api/models</c>.</summary>
    public static IReadOnlyList<string> Operations { get; } =
    [
        .. from path in OpenApiDocument.Root.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           where Methods.Contains(operation.Name, StringComparer.Ordinal)
           select $"{operation.Name.ToUpperInvariant()} {path.Name}",
    ];

    /// <summary>The description of a method and address, as <see cref="Operations"/> names it.</summary>
    public static JsonElement Operation(string operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        string[] parts = operation.Split(' ');
        return OpenApiDocument.Root.GetProperty("paths").GetProperty(parts[1]).GetProperty(parts[0].ToLowerInvariant());
    }

    /// <summary>Says how an answer differs from the description.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="path">The request's path, escaped, without the query.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="mediaType">The body's media type; null if there is none.</param>
    /// <param name="body">The body, if it is JSON; otherwise null.</param>
    /// <returns>The first difference; null if there is none.</returns>
    public static string? FindDifference(string method, string path, int status, string? mediaType, JsonElement? body)
    {
        if (Operations.FirstOrDefault(operation => Serves(operation, method, path)) is not string found)
            return status is >= 400 and < 500 ? null : $"{method} {path} answered {status} and is not described";
        JsonElement responses = Operation(found).GetProperty("responses");
        if (!responses.TryGetProperty($"{status}", out JsonElement response))
            return Everywhere.Contains($"{status}") ? null : $"{found} answered {status}, which is not described";
        if (body is null)
            return null;
        return response.TryGetProperty("content", out JsonElement content) && Find(content, mediaType) is JsonElement schema
            ? SchemaCheck.FindDifference(schema, body.Value, $"{found} {status}")
            : $"{found} answered {status} with {mediaType}, which is not described";
    }

    private static JsonElement? Find(JsonElement content, string? mediaType) =>
        content.TryGetProperty(mediaType ?? "", out JsonElement stated) || content.TryGetProperty("*/*", out stated)
            ? stated.GetProperty("schema")
            : null;

    private static bool Serves(string operation, string method, string path)
    {
        string[] stated = operation.Split(' ');
        string[] expected = stated[1].Split('/');
        string[] actual = path.Split('/');
        bool takesRest = expected[^1] is "{name}" or "{image}" or "{path}" && !stated[1].Contains("raiseEvent", StringComparison.Ordinal);
        return stated[0].Equals(method, StringComparison.OrdinalIgnoreCase) && (expected.Length == actual.Length || (takesRest && actual.Length > expected.Length))
            && expected.Zip(actual).All(part => part.First.StartsWith('{') ? part.Second.Length > 0 : part.First == part.Second);
    }
}
