using KeypointPipeline.Page;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Serves the files of the page. The address without a name is the page itself. The files need no key; all data that the page
/// shows do. 404: there is no such file.</summary>
[ApiEndpoint(ReadPage.Method, ReadPage.Template, NeedsNoKey = true)]
public sealed class ReadPage : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the file's name, which may have folders.</summary>
    public const string Template = "page/{*name}";

    /// <inheritdoc/>
    public Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string name = call.Values.GetValueOrDefault("name") is { Length: > 0 } given ? given : PageFile.Index;
        return PageFile.All.TryGetValue(name, out PageFile? file)
            ? Task.FromResult(ApiAnswer.Page(file))
            : throw new ApiProblemException(404, "No such file", $"The page has no file '{name}'. Open {ApiRoute.Of<ReadPage>().Path("")} in a browser.");
    }
}
