using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Api.Endpoints.Comparing;
using KeypointPipeline.Api.Endpoints.Pictures;
using KeypointPipeline.Api.Endpoints.Rows;
using KeypointPipeline.Api.Endpoints.Trainings;
using KeypointPipeline.Api.Endpoints.Uploads;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace KeypointPipeline.Functions.Http;

/// <summary>Serves the endpoints with which people watch and act: pictures, uploads, rows, trainings and the host. Otherwise as
/// <see cref="PipelineEndpoints"/>.</summary>
/// <param name="services">Provides the endpoints.</param>
public sealed class PageEndpoints(IServiceProvider services)
{
    private readonly EndpointServer _server = new(services);

    /// <summary>Lists the pictures of a batch.</summary>
    [Function(nameof(ListPictures))]
    public Task<IResult> ListPicturesAsync(
        [HttpTrigger(AuthorizationLevel.Function, ListPictures.Method, Route = ListPictures.Template)] HttpRequest request,
        string batch,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ListPictures>(request, client, [(nameof(batch), batch)], cancellationToken);

    /// <summary>Groups the pictures of a batch that failed.</summary>
    [Function(nameof(ListBatchErrors))]
    public Task<IResult> ListBatchErrorsAsync(
        [HttpTrigger(AuthorizationLevel.Function, ListBatchErrors.Method, Route = ListBatchErrors.Template)] HttpRequest request,
        string batch,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ListBatchErrors>(request, client, [(nameof(batch), batch)], cancellationToken);

    /// <summary>Serves a reduced picture of a batch.</summary>
    [Function(nameof(ReadThumbnail))]
    public Task<IResult> ReadThumbnailAsync(
        [HttpTrigger(AuthorizationLevel.Function, ReadThumbnail.Method, Route = ReadThumbnail.Template)] HttpRequest request,
        string batch,
        string? image,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ReadThumbnail>(request, client, [(nameof(batch), batch), (nameof(image), image ?? "")], cancellationToken);

    /// <summary>Stops the prediction of a batch.</summary>
    [Function(nameof(CancelBatch))]
    public Task<IResult> CancelBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, CancelBatch.Method, Route = CancelBatch.Template)] HttpRequest request,
        string batch,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<CancelBatch>(request, client, [(nameof(batch), batch)], cancellationToken);

    /// <summary>Predicts a batch again.</summary>
    [Function(nameof(RepeatBatch))]
    public Task<IResult> RepeatBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, RepeatBatch.Method, Route = RepeatBatch.Template)] HttpRequest request,
        string batch,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<RepeatBatch>(request, client, [(nameof(batch), batch)], cancellationToken);

    /// <summary>Says how far an upload is.</summary>
    [Function(nameof(ShowUpload))]
    public Task<IResult> ShowUploadAsync(
        [HttpTrigger(AuthorizationLevel.Function, ShowUpload.Method, Route = ShowUpload.Template)] HttpRequest request,
        string container,
        string? path,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ShowUpload>(request, client, [(nameof(container), container), (nameof(path), path ?? "")], cancellationToken);

    /// <summary>Takes a block of an upload.</summary>
    [Function(nameof(PutUploadBlock))]
    public Task<IResult> PutUploadBlockAsync(
        [HttpTrigger(AuthorizationLevel.Function, PutUploadBlock.Method, Route = PutUploadBlock.Template)] HttpRequest request,
        string container,
        string? path,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<PutUploadBlock>(request, client, [(nameof(container), container), (nameof(path), path ?? "")], cancellationToken);

    /// <summary>Puts an uploaded file in its place.</summary>
    [Function(nameof(CommitUpload))]
    public Task<IResult> CommitUploadAsync(
        [HttpTrigger(AuthorizationLevel.Function, CommitUpload.Method, Route = CommitUpload.Template)] HttpRequest request,
        string container,
        string? path,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<CommitUpload>(request, client, [(nameof(container), container), (nameof(path), path ?? "")], cancellationToken);

    /// <summary>Lists rows of a prepared dataset.</summary>
    [Function(nameof(ListRows))]
    public Task<IResult> ListRowsAsync(
        [HttpTrigger(AuthorizationLevel.Function, ListRows.Method, Route = ListRows.Template)] HttpRequest request,
        string datasetId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ListRows>(request, client, [(nameof(datasetId), datasetId)], cancellationToken);

    /// <summary>Serves the frame of a row.</summary>
    [Function(nameof(ReadFrame))]
    public Task<IResult> ReadFrameAsync(
        [HttpTrigger(AuthorizationLevel.Function, ReadFrame.Method, Route = ReadFrame.Template)] HttpRequest request,
        string datasetId,
        string row,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ReadFrame>(request, client, [(nameof(datasetId), datasetId), (nameof(row), row)], cancellationToken);

    /// <summary>Counts rows and groups by side.</summary>
    [Function(nameof(ListSides))]
    public Task<IResult> ListSidesAsync(
        [HttpTrigger(AuthorizationLevel.Function, ListSides.Method, Route = ListSides.Template)] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => _server.AnswerAsync<ListSides>(request, client, cancellationToken);

    /// <summary>States the mirror pairs of a dataset.</summary>
    [Function(nameof(StateMirror))]
    public Task<IResult> StateMirrorAsync(
        [HttpTrigger(AuthorizationLevel.Function, StateMirror.Method, Route = StateMirror.Template)] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => _server.AnswerAsync<StateMirror>(request, client, cancellationToken);

    /// <summary>Lists trainings.</summary>
    [Function(nameof(ListTrainings))]
    public Task<IResult> ListTrainingsAsync(
        [HttpTrigger(AuthorizationLevel.Function, ListTrainings.Method, Route = ListTrainings.Template)] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => _server.AnswerAsync<ListTrainings>(request, client, cancellationToken);

    /// <summary>Gives a training with its learning curve.</summary>
    [Function(nameof(ShowTraining))]
    public Task<IResult> ShowTrainingAsync(
        [HttpTrigger(AuthorizationLevel.Function, ShowTraining.Method, Route = ShowTraining.Template)] HttpRequest request,
        string runId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ShowTraining>(request, client, [(nameof(runId), runId)], cancellationToken);

    /// <summary>Gives the log of a training.</summary>
    [Function(nameof(ReadTrainingLog))]
    public Task<IResult> ReadTrainingLogAsync(
        [HttpTrigger(AuthorizationLevel.Function, ReadTrainingLog.Method, Route = ReadTrainingLog.Template)] HttpRequest request,
        string runId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ReadTrainingLog>(request, client, [(nameof(runId), runId)], cancellationToken);

    /// <summary>Draws the learning curve of a training.</summary>
    [Function(nameof(ReadCurve))]
    public Task<IResult> ReadCurveAsync(
        [HttpTrigger(AuthorizationLevel.Function, ReadCurve.Method, Route = ReadCurve.Template)] HttpRequest request,
        string runId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ReadCurve>(request, client, [(nameof(runId), runId)], cancellationToken);

    /// <summary>Stops a training.</summary>
    [Function(nameof(StopTraining))]
    public Task<IResult> StopTrainingAsync(
        [HttpTrigger(AuthorizationLevel.Function, StopTraining.Method, Route = StopTraining.Template)] HttpRequest request,
        string runId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<StopTraining>(request, client, [(nameof(runId), runId)], cancellationToken);

    /// <summary>Compares two models on the same test rows.</summary>
    [Function(nameof(CompareModels))]
    public Task<IResult> CompareModelsAsync(
        [HttpTrigger(AuthorizationLevel.Function, CompareModels.Method, Route = CompareModels.Template)] HttpRequest request,
        string version,
        string other,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<CompareModels>(request, client, [(nameof(version), version), (nameof(other), other)], cancellationToken);

    /// <summary>Draws the errors of two models.</summary>
    [Function(nameof(ReadKeypointErrors))]
    public Task<IResult> ReadKeypointErrorsAsync(
        [HttpTrigger(AuthorizationLevel.Function, ReadKeypointErrors.Method, Route = ReadKeypointErrors.Template)] HttpRequest request,
        string version,
        string other,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _server.AnswerAsync<ReadKeypointErrors>(request, client, [(nameof(version), version), (nameof(other), other)], cancellationToken);

    /// <summary>Says how the host is set up.</summary>
    [Function(nameof(ShowHost))]
    public Task<IResult> ShowHostAsync(
        [HttpTrigger(AuthorizationLevel.Function, ShowHost.Method, Route = ShowHost.Template)] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => _server.AnswerAsync<ShowHost>(request, client, cancellationToken);
}
