using KeypointPipeline.Models;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Serves the model file of a published version, as a whole or a range of it. The manifest in <c>GET /api/models</c> has its
/// SHA-256. 404: the version is not published.</summary>
[ApiEndpoint(ReadModel.Method, ReadModel.Template, AlsoHead = true)]
public sealed class ReadModel(PipelineStorage storage, ModelRegistry models) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the version.</summary>
    public const string Template = "models/{version}/model.onnx";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string version = call.Values["version"];
        if (await models.FindAsync(version, cancellationToken) is null)
            throw ListModels.NotPublished(version);

        return await StoredFile.FindAsync(
                storage, BlobLayout.Models, ModelRegistry.ModelName(version), "application/octet-stream", ModelRegistry.ModelFile, cancellationToken) is ApiFile file
            ? ApiAnswer.File(file)
            : throw new ApiProblemException(
                404, "Model file missing", $"The file of {version} is gone from storage, although its manifest exists. Choose another version: {ApiRoute.Of<ListModels>()}.");
    }
}
