namespace KeypointPipeline.Api;

/// <summary>An endpoint under <c>/api</c>, independent of HTTP. Both hosts find the classes that have
/// <see cref="ApiEndpointAttribute"/>. The name of the class is the name of the Azure function.</summary>
public interface IApiEndpoint
{
    /// <summary>Serves one request.</summary>
    /// <exception cref="ApiProblemException">The request cannot be served. The host answers with the problem.</exception>
    Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken);
}

/// <summary>Gives the address of an endpoint.</summary>
/// <param name="method">The HTTP method in lower case, as the attributes of functions write it.</param>
/// <param name="template">The address after <see cref="ApiRoute.Prefix"/>, with placeholders, for example <c>{batch}</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ApiEndpointAttribute(string method, string template) : Attribute
{
    /// <summary>The method that asks for a file's headers only.</summary>
    public const string Head = "head";

    /// <summary>The largest body of an endpoint that does not state another size, in bytes: settings, never data.</summary>
    public const int SettingsBytes = 1 << 20;

    /// <summary>The HTTP method.</summary>
    public string Method { get; } = method;

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public string Template { get; } = template;

    /// <summary>Whether the endpoint also serves <see cref="Head"/>. The host leaves out the body.</summary>
    public bool AlsoHead { get; init; }

    /// <summary>The largest body that it takes, in bytes. Hosts answer 413 to a larger one where they can tell.</summary>
    public int LargestBody { get; init; } = SettingsBytes;

    /// <summary>Whether anybody may send the request. Only for what holds no data, such as the page's files.</summary>
    public bool NeedsNoKey { get; init; }
}
