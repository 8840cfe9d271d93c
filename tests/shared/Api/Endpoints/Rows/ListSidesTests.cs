using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints.Rows;
using KeypointPipeline.Api.Rows;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Splits;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints.Rows;

/// <summary>Rows and groups by side.</summary>
public sealed class ListSidesTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly KeypointSchema Schema = new(["nose"], 8, 8);
    private DroppedDatasets _dropped = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_and_groups_are_counted_by_side_and_a_group_in_two_datasets_once_in_all()
    {
        await PublishAsync("v1", One("ds-1", (RowSide.Training, 0)));
        await PublishAsync(
            "v2",
            One("ds-1", (RowSide.Training, 0), (RowSide.Training, 0), (RowSide.Training, 1), (RowSide.Test, 2)),
            One("ds-2", (RowSide.Training, 1), (RowSide.Validation, 3)));

        DatasetSides sides = await CountAsync();

        Assert.Equal("v2", sides.Version);
        Assert.Equal([new(RowSide.Training, 4, 2), new(RowSide.Validation, 1, 1), new(RowSide.Test, 1, 1)], sides.Sides);
        Assert.Equal(["ds-1", "ds-2"], sides.Datasets.Select(dataset => dataset.DatasetId));
        Assert.Equal([new(RowSide.Training, 3, 2), new(RowSide.Test, 1, 1)], sides.Datasets[0].Sides);
        Assert.Equal([new(RowSide.Training, 1, 1), new(RowSide.Validation, 1, 1)], sides.Datasets[1].Sides);
    }

    [Fact]
    public async Task Versions_without_a_row_plan_are_passed_over_and_a_newer_one_counts_at_once()
    {
        Assert.Null((await CountAsync()).Version);
        await ModelExamples.PublishChampionAsync(_dropped.Storage, "v1", Schema, Cancel);
        Assert.Null((await CountAsync()).Version);
        await PublishAsync("v2", One("ds-1", (RowSide.Training, 0)));
        Assert.Equal("v2", (await CountAsync()).Version);
        await PublishAsync("v3", One("ds-2", (RowSide.Training, 0)));
        await ModelExamples.PublishChampionAsync(_dropped.Storage, "v4", Schema, Cancel);

        Assert.Equal("v3", (await CountAsync()).Version);
    }

    [Fact]
    public async Task A_damaged_plan_is_a_problem_that_names_the_file()
    {
        await ModelExamples.PublishChampionAsync(_dropped.Storage, "v1", Schema, Cancel);
        await _dropped.Storage.Blob(BlobLayout.Models, $"v1/{TrainingRunFiles.Rows}").UploadAsync(BinaryData.FromString("KPROWS01"), Cancel);

        ApiProblem problem = (await Assert.ThrowsAsync<ApiProblemException>(CountAsync)).Problem;

        Assert.Equal(409, problem.Status);
        Assert.Contains("models/v1/rows.bin", problem.Detail, StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync() => _dropped = await DroppedDatasets.StartAsync(azurite);

    public ValueTask DisposeAsync() => _dropped.DisposeAsync();

    private static PlannedDataset One(string id, params (RowSide Side, int Component)[] rows) => new(
        id, [.. rows.Select(row => row.Side)], [.. rows.Select(row => row.Component)], new ulong[rows.Length], new ulong[rows.Length]);

    private async Task PublishAsync(string version, params PlannedDataset[] datasets)
    {
        await ModelExamples.PublishChampionAsync(_dropped.Storage, version, Schema, Cancel);
        await _dropped.Get<RowPlanStore>().WriteOfModelAsync(version, new RowPlan(datasets), Cancel);
    }

    private async Task<DatasetSides> CountAsync() => (DatasetSides)(await _dropped.Get<ListSides>().CallAsync(Cancel)).Body;
}
