namespace KeypointPipeline.Api;

/// <summary>One endpoint under <c>/api</c>, without HTTP. Both hosts find the classes that have <see cref="ApiEndpointAttribute"/>;
/// the class's name is the Azure function's name.</summary>
public interface IApiEndpoint
{
    /// <summary>Serves one request.</summary>
    /// <exception cref="ApiProblemException">The request cannot be served; the problem is the answer.</exception>
    Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken);
}

/// <summary>Says where an endpoint is served.</summary>
/// <param name="method">The HTTP method in lower case, as the attributes of functions write it.</param>
/// <param name="template">The address after <see cref="ApiRoute.Prefix"/>, with placeholders such as <c>{batch}</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ApiEndpointAttribute(string method, string template) : Attribute
{
    /// <summary>The HTTP method.</summary>
    public string Method { get; } = method;

    /// <summary>The address after the prefix.</summary>
    public string Template { get; } = template;
}
