using System.Reflection;

namespace KeypointPipeline.Api;

/// <summary>A row of the table of endpoints. Hosts map the rows. Commands and messages take addresses from them.</summary>
/// <param name="Method">The HTTP method, in lower case.</param>
/// <param name="Template">The address after <see cref="Prefix"/>, with placeholders.</param>
/// <param name="Endpoint">The <see cref="IApiEndpoint"/> that serves it.</param>
public sealed record ApiRoute(string Method, string Template, Type Endpoint)
{
    /// <summary>Prefix of every address. The Functions host adds it by itself.</summary>
    public const string Prefix = "/api/";

    /// <summary>All endpoints, sorted by name.</summary>
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        .. typeof(ApiRoute).Assembly.GetTypes()
            .Where(type => type.IsDefined(typeof(ApiEndpointAttribute), inherit: false))
            .Select(Of)
            .OrderBy(route => route.FunctionName, StringComparer.Ordinal),
    ];

    /// <summary>Name of the Azure function.</summary>
    public string FunctionName => Endpoint.Name;

    /// <summary>The complete address with placeholders, for example <c>/api/models/{version}/promote</c>.</summary>
    public string Pattern => Prefix + Template;

    /// <summary>Gets the row of an endpoint.</summary>
    public static ApiRoute Of<T>()
        where T : IApiEndpoint => Of(typeof(T));

    /// <summary>Gets the address with its placeholder replaced by a value.</summary>
    /// <param name="value">Any text. It is escaped.</param>
    public string Path(string value)
    {
        (int start, int end) = (Pattern.IndexOf('{', StringComparison.Ordinal), Pattern.IndexOf('}', StringComparison.Ordinal));
        return $"{Pattern[..start]}{Uri.EscapeDataString(value)}{Pattern[(end + 1)..]}";
    }

    /// <summary>Formats the route for people, for example <c>GET /api/models</c>.</summary>
    public override string ToString() => $"{Method.ToUpperInvariant()} {Pattern}";

    private static ApiRoute Of(Type endpoint)
    {
        ApiEndpointAttribute place = endpoint.GetCustomAttribute<ApiEndpointAttribute>()
            ?? throw new InvalidOperationException($"{endpoint.Name} has no address. Give it [ApiEndpoint(method, template)].");
        return endpoint.IsAssignableTo(typeof(IApiEndpoint))
            ? new ApiRoute(place.Method, place.Template, endpoint)
            : throw new InvalidOperationException($"{endpoint.Name} has [ApiEndpoint] but does not implement {nameof(IApiEndpoint)}.");
    }
}
