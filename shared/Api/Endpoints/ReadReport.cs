using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Serves the report of a prepared dataset: what happened to its rows and what was guessed. 400: the id is not valid. 404: there
/// is no such report. <c>GET /api/datasets?path=PATH</c> gives the newest report of a path, also of a rejected file.</summary>
[ApiEndpoint(ReadReport.Method, ReadReport.Template, AlsoHead = true)]
public sealed class ReadReport(PipelineStorage storage) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the dataset's id.</summary>
    public const string Template = "reports/{datasetId}";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string id = call.Values["datasetId"];
        string name = $"{id}.json";
        if (id.Contains('/', StringComparison.Ordinal) || BlobName.FindProblem(name) is not null)
            throw new ApiProblemException(400, "Invalid dataset id", $"'{id}' is not an id of a dataset. {Listing}");
        return await StoredFile.FindAsync(
                storage, BlobLayout.Reports, name, "application/json; charset=utf-8", downloadName: null, cancellationToken) is ApiFile file
            ? ApiAnswer.File(file)
            : throw new ApiProblemException(404, "No such report", $"There is no report of a dataset '{id}'. {Listing}");
    }

    private static string Listing => $"{ApiRoute.Of<ListDatasets>()} lists the datasets, and with ?path=PATH it has the report of a dropped file.";
}
