namespace KeypointPipeline.Api.Endpoints;

/// <summary>Gives the OpenAPI description of all addresses.</summary>
[ApiEndpoint(ReadOpenApi.Method, ReadOpenApi.Template)]
public sealed class ReadOpenApi : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public const string Template = "openapi.json";

    /// <inheritdoc/>
    public Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken) => Task.FromResult(ApiAnswer.Ok(OpenApiDocument.Root));
}
