using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Api.Endpoints.Pictures;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace KeypointPipeline.Functions.Http;

/// <summary>Serves each <see cref="IApiEndpoint"/> as a function. Functions needs attributes at compile time, so each endpoint has one
/// method here. A test names an endpoint that has none. Each request needs a function key, except for the files
/// of the page. The host itself serves Durable's management
/// API under <see cref="ManagementRoutes.Instances"/>.</summary>
/// <param name="services">Provides the endpoints.</param>
public sealed class PipelineEndpoints(IServiceProvider services)
{
    private readonly EndpointServer _server = new(services);

    /// <summary>Starts a retraining.</summary>
    [Function(nameof(RequestRetrain))]
    public Task<IResult> RetrainAsync(
        [HttpTrigger(AuthorizationLevel.Function, RequestRetrain.Method, Route = RequestRetrain.Template)] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => _server.AnswerAsync<RequestRetrain>(request, client, cancellationToken);

    /// <summary>Starts a batch whose images are already uploaded.</summary>
    [Function(nameof(RequestBatch))]
    public Task<IResult> StartBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, RequestBatch.Method, Route = RequestBatch.Template)] HttpRequest request,
        string batch,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<RequestBatch>(request, client, [(nameof(batch), batch)], cancellationToken);

    /// <summary>Predicts one picture.</summary>
    [Function(nameof(PredictPicture))]
    public Task<IResult> PredictAsync(
        [HttpTrigger(AuthorizationLevel.Function, PredictPicture.Method, Route = PredictPicture.Template)] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => _server.AnswerAsync<PredictPicture>(request, client, cancellationToken);

    /// <summary>Lists published versions and the champion.</summary>
    [Function(nameof(ListModels))]
    public Task<IResult> ListModelsAsync(
        [HttpTrigger(AuthorizationLevel.Function, ListModels.Method, Route = ListModels.Template)] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => _server.AnswerAsync<ListModels>(request, client, cancellationToken);

    /// <summary>Makes a version the champion.</summary>
    [Function(nameof(RequestPromotion))]
    public Task<IResult> PromoteAsync(
        [HttpTrigger(AuthorizationLevel.Function, RequestPromotion.Method, Route = RequestPromotion.Template)] HttpRequest request,
        string version,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<RequestPromotion>(request, client, [(nameof(version), version)], cancellationToken);

    /// <summary>Withdraws or erases a dataset or a group.</summary>
    [Function(nameof(RemoveDataset))]
    public Task<IResult> RemoveDatasetAsync(
        [HttpTrigger(AuthorizationLevel.Function, RemoveDataset.Method, Route = RemoveDataset.Template)] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => _server.AnswerAsync<RemoveDataset>(request, client, cancellationToken);

    /// <summary>Deletes a batch's images and results.</summary>
    [Function(nameof(RemoveBatch))]
    public Task<IResult> RemoveBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, RemoveBatch.Method, Route = RemoveBatch.Template)] HttpRequest request,
        string batch,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<RemoveBatch>(request, client, [(nameof(batch), batch)], cancellationToken);

    /// <summary>Lists datasets in force, withdrawn paths and rejected files.</summary>
    [Function(nameof(ListDatasets))]
    public Task<IResult> ListDatasetsAsync(
        [HttpTrigger(AuthorizationLevel.Function, ListDatasets.Method, Route = ListDatasets.Template)] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => _server.AnswerAsync<ListDatasets>(request, client, cancellationToken);

    /// <summary>Reports whether storage answers.</summary>
    [Function(nameof(CheckHealth))]
    public Task<IResult> CheckHealthAsync(
        [HttpTrigger(AuthorizationLevel.Function, CheckHealth.Method, Route = CheckHealth.Template)] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => _server.AnswerAsync<CheckHealth>(request, client, cancellationToken);

    /// <summary>Gives the description of all addresses.</summary>
    [Function(nameof(ReadOpenApi))]
    public Task<IResult> ReadOpenApiAsync(
        [HttpTrigger(AuthorizationLevel.Function, ReadOpenApi.Method, Route = ReadOpenApi.Template)] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => _server.AnswerAsync<ReadOpenApi>(request, client, cancellationToken);

    /// <summary>Lists the batches with results.</summary>
    [Function(nameof(ListBatches))]
    public Task<IResult> ListBatchesAsync(
        [HttpTrigger(AuthorizationLevel.Function, ListBatches.Method, Route = ListBatches.Template)] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => _server.AnswerAsync<ListBatches>(request, client, cancellationToken);

    /// <summary>Gives a batch's counts and files.</summary>
    [Function(nameof(ShowBatch))]
    public Task<IResult> ShowBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, ShowBatch.Method, Route = ShowBatch.Template)] HttpRequest request,
        string batch,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ShowBatch>(request, client, [(nameof(batch), batch)], cancellationToken);

    /// <summary>Serves a file of a batch's results.</summary>
    [Function(nameof(ReadResult))]
    public Task<IResult> ReadResultAsync(
        [HttpTrigger(AuthorizationLevel.Function, ReadResult.Method, ApiEndpointAttribute.Head, Route = ReadResult.Template)] HttpRequest request,
        string batch,
        string? name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ReadResult>(
            request, client, [(nameof(batch), batch), (nameof(name), name ?? "")], cancellationToken);

    /// <summary>Serves the model file of a version.</summary>
    [Function(nameof(ReadModel))]
    public Task<IResult> ReadModelAsync(
        [HttpTrigger(AuthorizationLevel.Function, ReadModel.Method, ApiEndpointAttribute.Head, Route = ReadModel.Template)] HttpRequest request,
        string version,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ReadModel>(request, client, [(nameof(version), version)], cancellationToken);

    /// <summary>Serves the report of a dataset.</summary>
    [Function(nameof(ReadReport))]
    public Task<IResult> ReadReportAsync(
        [HttpTrigger(AuthorizationLevel.Function, ReadReport.Method, ApiEndpointAttribute.Head, Route = ReadReport.Template)] HttpRequest request,
        string datasetId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ReadReport>(request, client, [(nameof(datasetId), datasetId)], cancellationToken);

    /// <summary>Serves the files of the page, to anybody: they hold no data.</summary>
    [Function(nameof(ReadPage))]
    public Task<IResult> ReadPageAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, ReadPage.Method, Route = ReadPage.Template)] HttpRequest request,
        string? name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ReadPage>(request, client, [(nameof(name), name ?? "")], cancellationToken);
}
