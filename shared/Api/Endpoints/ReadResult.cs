using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Serves a file of a batch's results, as a whole or a range of it. 400: a name is not valid. 404: there is no such file; the work
/// files of a prediction that runs are not results.</summary>
[ApiEndpoint(ReadResult.Method, ReadResult.Template, AlsoHead = true)]
public sealed class ReadResult(PipelineStorage storage) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholders are the batch's name and the file's name, which may have
    /// folders.</summary>
    public const string Template = "batches/{batch}/files/{*name}";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string batch = BatchResults.RequireName(call.Values["batch"]);
        string name = call.Values["name"];
        if (BlobName.FindProblem(name) is string problem)
            throw new ApiProblemException(400, "Invalid file name", $"The file's name {problem}. {Listing(batch)}");
        string blob = $"{batch}/{name}";
        if (BlobName.FindProblem(blob) is null && BatchResults.IsResult(name)
            && await StoredFile.FindAsync(storage, BlobLayout.Results, blob, MediaType(name), DownloadName(name), cancellationToken) is ApiFile file)
            return ApiAnswer.File(file);
        string slashes = name.Contains("%2F", StringComparison.OrdinalIgnoreCase) ? " Write the slashes of a name as '/'." : "";
        throw new ApiProblemException(404, "No such file", $"The results of batch '{batch}' have no file '{name}'.{slashes} {Listing(batch)}");
    }

    private static string Listing(string batch) => $"GET {ApiRoute.Of<ShowBatch>().Path(batch)} lists the files.";

    /// <summary>Only the report is a page of the pipeline's own. Any other markup would be somebody else's.</summary>
    private static string MediaType(string name) =>
        name == ResultFiles.Report || !name.EndsWith(".html", StringComparison.Ordinal) ? ResultFiles.MediaType(name) : "application/octet-stream";

    private static string? DownloadName(string name) => MediaType(name).Split(';')[0] switch
    {
        "text/html" or "image/jpeg" or "application/json" => null,
        _ => name[(name.LastIndexOf('/') + 1)..],
    };
}
