using System.Reflection;

namespace KeypointPipeline.Api;

/// <summary>A row of the table of endpoints. Hosts map it, commands and messages take addresses from it.</summary>
/// <param name="Method">The HTTP method, in lower case.</param>
/// <param name="Template">The address after <see cref="Prefix"/>, with placeholders.</param>
/// <param name="Endpoint">The <see cref="IApiEndpoint"/> that serves it.</param>
public sealed record ApiRoute(string Method, string Template, Type Endpoint)
{
    /// <summary>What every address begins with. The Functions host adds it by itself.</summary>
    public const string Prefix = "/api/";

    /// <summary>All endpoints, by name.</summary>
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        .. typeof(ApiRoute).Assembly.GetTypes()
            .Where(type => type.IsDefined(typeof(ApiEndpointAttribute), inherit: false))
            .Select(Of)
            .OrderBy(route => route.FunctionName, StringComparer.Ordinal),
    ];

    /// <summary>The Azure function's name.</summary>
    public string FunctionName => Endpoint.Name;

    /// <summary>The whole address, with placeholders: <c>/api/models/{version}/promote</c>.</summary>
    public string Pattern => Prefix + Template;

    /// <summary>The row of one endpoint.</summary>
    public static ApiRoute Of<T>()
        where T : IApiEndpoint => Of(typeof(T));

    /// <summary>The address with its placeholder filled in.</summary>
    /// <param name="value">Any text; it is escaped.</param>
    public string Path(string value)
    {
        (int start, int end) = (Pattern.IndexOf('{', StringComparison.Ordinal), Pattern.IndexOf('}', StringComparison.Ordinal));
        return $"{Pattern[..start]}{Uri.EscapeDataString(value)}{Pattern[(end + 1)..]}";
    }

    /// <summary>As people write it: <c>GET /api/models</c>.</summary>
    public override string ToString() => $"{Method.ToUpperInvariant()} {Pattern}";

    private static ApiRoute Of(Type endpoint)
    {
        ApiEndpointAttribute place = endpoint.GetCustomAttribute<ApiEndpointAttribute>()
            ?? throw new InvalidOperationException($"{endpoint.Name} says no address: give it [ApiEndpoint(method, template)].");
        return endpoint.IsAssignableTo(typeof(IApiEndpoint))
            ? new ApiRoute(place.Method, place.Template, endpoint)
            : throw new InvalidOperationException($"{endpoint.Name} has [ApiEndpoint] but is no {nameof(IApiEndpoint)}.");
    }
}
