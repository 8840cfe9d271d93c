using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api;

/// <summary>The addresses that users have. They are written out here, because a change breaks their scripts.</summary>
public sealed class ApiRouteTests
{
    [Fact]
    public void The_table_has_every_endpoint_with_its_method_address_and_function() => Assert.Equal(
        [
            "CancelBatch: POST /api/batches/{batch}/cancel",
            "CheckHealth: GET /api/health",
            "CommitUpload: POST /api/uploads/{container}/{*path}",
            "CompareModels: GET /api/models/{version}/compare/{other}",
            "ListBatchErrors: GET /api/batches/{batch}/errors",
            "ListBatches: GET /api/batches",
            "ListDatasets: GET /api/datasets",
            "ListModels: GET /api/models",
            "ListPictures: GET /api/batches/{batch}/pictures",
            "ListRows: GET /api/datasets/{datasetId}/rows",
            "ListSides: GET /api/datasets/sides",
            "ListTrainings: GET /api/trainings",
            "PredictPicture: POST /api/predict",
            "PutUploadBlock: PUT /api/uploads/{container}/{*path}",
            "ReadCurve: GET /api/trainings/{runId}/curve.svg",
            "ReadFrame: GET /api/datasets/{datasetId}/rows/{row}/frame",
            "ReadKeypointErrors: GET /api/models/{version}/compare/{other}/keypoints.svg",
            "ReadModel: GET /api/models/{version}/model.onnx",
            "ReadOpenApi: GET /api/openapi.json",
            "ReadPage: GET /api/page/{*name}",
            "ReadReport: GET /api/reports/{datasetId}",
            "ReadResult: GET /api/batches/{batch}/files/{*name}",
            "ReadThumbnail: GET /api/batches/{batch}/thumbnails/{*image}",
            "ReadTrainingLog: GET /api/trainings/{runId}/log",
            "RemoveBatch: DELETE /api/batches/{batch}",
            "RemoveDataset: DELETE /api/datasets",
            "RepeatBatch: POST /api/batches/{batch}/again",
            "RequestBatch: POST /api/batches/{batch}",
            "RequestPromotion: POST /api/models/{version}/promote",
            "RequestRetrain: POST /api/retrain",
            "ShowBatch: GET /api/batches/{batch}",
            "ShowHost: GET /api/host",
            "ShowTraining: GET /api/trainings/{runId}",
            "ShowUpload: GET /api/uploads/{container}/{*path}",
            "StateMirror: PUT /api/mirror",
            "StopTraining: POST /api/trainings/{runId}/stop",
        ],
        ApiRoute.All.Select(route => $"{route.FunctionName}: {route}"));

    [Fact]
    public void Instances_are_under_Durables_own_address()
    {
        Assert.Equal("/runtime/webhooks/durabletask/instances", ManagementRoutes.Instances);
        Assert.Equal("/runtime/webhooks/durabletask/instances/batch-a%20b%2Fc", ManagementRoutes.Instance("batch-a b/c"));
    }

    [Fact]
    public void A_value_is_escaped_into_its_address() =>
        Assert.Equal("/api/models/v%201%2F2/promote", ApiRoute.Of<RequestPromotion>().Path("v 1/2"));

    [Fact]
    public void A_name_with_folders_keeps_its_slashes_in_the_address_of_a_file() => Assert.Equal(
        "/api/batches/a%2Fb/files/overlays/a%20b%25.jpg", ApiRoute.Of<ReadResult>().Path("a/b", "overlays/a b%.jpg"));

    [Fact]
    public void Only_the_files_of_the_page_need_no_key() => Assert.Equal(
        ["ReadPage"], ApiRoute.All.Where(route => route.NeedsNoKey).Select(route => route.FunctionName));

    [Fact]
    public void Files_also_answer_HEAD() => Assert.Equal(
        ["ReadModel", "ReadReport", "ReadResult"], ApiRoute.All.Where(route => route.Methods.Contains("head")).Select(route => route.FunctionName));

    [Fact]
    public void Every_class_that_is_an_endpoint_is_found_and_registered()
    {
        Type[] endpoints = [.. typeof(ApiRoute).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IApiEndpoint)))];

        Assert.Equal(endpoints.ToHashSet(), ApiRoute.All.Select(route => route.Endpoint).ToHashSet());
        Assert.Subset(new ServiceCollection().AddPipelineApi().Select(service => service.ServiceType).ToHashSet(), endpoints.ToHashSet());
    }
}
