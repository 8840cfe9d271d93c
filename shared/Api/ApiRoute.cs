using System.Reflection;

namespace KeypointPipeline.Api;

/// <summary>A row of the table of endpoints. Hosts map the rows. Commands and messages take addresses from them.</summary>
/// <param name="Method">The HTTP method, in lower case.</param>
/// <param name="Template">The address after <see cref="Prefix"/>, with placeholders.</param>
/// <param name="Endpoint">The <see cref="IApiEndpoint"/> that serves it.</param>
/// <param name="AlsoHead">Whether it also serves <c>HEAD</c>.</param>
/// <param name="LargestBody">The largest body that it takes, in bytes.</param>
/// <param name="NeedsNoKey">Whether anybody may send the request.</param>
public sealed record ApiRoute(
    string Method, string Template, Type Endpoint, bool AlsoHead = false, int LargestBody = ApiEndpointAttribute.SettingsBytes, bool NeedsNoKey = false)
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

    /// <summary>All methods that it serves.</summary>
    public IReadOnlyList<string> Methods => AlsoHead ? [Method, ApiEndpointAttribute.Head] : [Method];

    /// <summary>Names of the placeholders in the address, in order.</summary>
    public IReadOnlyList<string> Placeholders => [.. Parts.Where(IsPlaceholder).Select(part => part.Trim('{', '}', '*'))];

    /// <summary>The complete address with placeholders, for example <c>/api/models/{version}/promote</c>.</summary>
    public string Pattern => Prefix + Template;

    /// <summary>Gets the row of an endpoint.</summary>
    public static ApiRoute Of<T>()
        where T : IApiEndpoint => Of(typeof(T));

    /// <summary>Gets the address with its placeholders replaced by values.</summary>
    /// <param name="values">A value for each placeholder, in order. Any text: it is escaped. The slashes of a value stay if its
    /// placeholder takes the rest of an address.</param>
    public string Path(params IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var rest = new Queue<string>(values);
        return Prefix + string.Join('/', Parts.Select(part => !IsPlaceholder(part) ? part
            : part.Contains('*', StringComparison.Ordinal) ? string.Join('/', rest.Dequeue().Split('/').Select(Uri.EscapeDataString))
            : Uri.EscapeDataString(rest.Dequeue())));
    }

    /// <summary>Formats the route for people, for example <c>GET /api/models</c>.</summary>
    public override string ToString() => $"{Method.ToUpperInvariant()} {Pattern}";

    private string[] Parts => Template.Split('/');

    private static bool IsPlaceholder(string part) => part.StartsWith('{');

    private static ApiRoute Of(Type endpoint)
    {
        ApiEndpointAttribute place = endpoint.GetCustomAttribute<ApiEndpointAttribute>()
            ?? throw new InvalidOperationException($"{endpoint.Name} has no address. Give it [ApiEndpoint(method, template)].");
        return endpoint.IsAssignableTo(typeof(IApiEndpoint))
            ? new ApiRoute(place.Method, place.Template, endpoint, place.AlsoHead, place.LargestBody, place.NeedsNoKey)
            : throw new InvalidOperationException($"{endpoint.Name} has [ApiEndpoint] but does not implement {nameof(IApiEndpoint)}.");
    }
}
