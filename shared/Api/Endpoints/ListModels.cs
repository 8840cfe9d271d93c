using KeypointPipeline.Models;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Lists all published versions and the champion.</summary>
[ApiEndpoint(ListModels.Method, ListModels.Template)]
public sealed class ListModels(ModelRegistry models) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public const string Template = "models";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken) =>
        ApiAnswer.Ok(new ModelList(await models.GetChampionAsync(cancellationToken), await models.ListAsync(cancellationToken)));
}
