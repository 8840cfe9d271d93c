using System.Text.Json.Nodes;
using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints.Rows;
using KeypointPipeline.Api.Rows;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints.Rows;

/// <summary>Rows of prepared datasets for people, and what people state about a dataset.</summary>
public sealed class RowEndpointTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private DroppedDatasets _dropped = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sample_comes_from_all_parts_of_the_dataset_with_its_labels()
    {
        string id = await _dropped.AcceptAsync("a.csv", SmallTable.With(20));

        var list = (RowList)(await CallAsync<ListRows>([id], "top=4")).Body;

        Assert.Equal((id, 20), (list.DatasetId, list.Total));
        Assert.Equal([(0, 1u), (5, 6u), (10, 11u), (15, 16u)], list.Rows.Select(row => (row.Row, row.SourceRow)));
        Assert.Equal([5f, 0f], list.Rows[1].Points.Single()!);
    }

    [Fact]
    public async Task Pages_give_every_row_once_and_a_missing_label_is_null()
    {
        string id = await _dropped.AcceptAsync("a.csv", "nose_x,nose_y,chin_x,chin_y,Image\n" + string.Concat(
            Enumerable.Range(0, 12).Select(i => $"{i % 8},1,{(i == 11 ? "," : "2,3")},{SmallTable.Image(i)}\n")));
        var rows = new List<LabelledRow>();
        string? token = null;
        do
        {
            ApiAnswer answer = await CallAsync<ListRows>([id], "order=row&top=5", token);
            rows.AddRange(((RowList)answer.Body).Rows);
            token = answer.Headers.GetValueOrDefault(ContinuationToken.Header);
        }
        while (token is not null);

        Assert.Equal(Enumerable.Range(0, 12), rows.Select(row => row.Row));
        Assert.Equal([2f, 3f], rows[0].Points[1]!);
        Assert.Null(rows[11].Points[1]);
    }

    [Fact]
    public async Task A_frame_has_the_stated_size_and_never_changes()
    {
        string id = await _dropped.AcceptAsync("a.csv", SmallTable.With(20));

        var file = (ApiFile)(await CallAsync<ReadFrame>([id, "3"], "size=64")).Body;

        using SKBitmap frame = SKBitmap.Decode(file.Content);
        Assert.Equal((64, 64), (frame.Width, frame.Height));
        Assert.Equal(304, (await CallAsync<ReadFrame>([id, "3"], "size=64", known: file.ETag)).Status);
    }

    [Fact]
    public async Task What_is_not_there_is_404()
    {
        string id = await _dropped.AcceptAsync("a.csv", SmallTable.With(20));

        Assert.Equal(404, await StatusAsync<ListRows>(["none"], ""));
        Assert.Equal(404, await StatusAsync<ListRows>(["../paths"], ""));
        Assert.Equal(404, await StatusAsync<ReadFrame>([id, "20"], ""));
        Assert.Equal(404, await StatusAsync<ReadFrame>([id, "-1"], ""));
        Assert.Equal(400, await StatusAsync<ListRows>([id], "order=random"));
    }

    [Fact]
    public async Task Stated_pairs_are_written_beside_the_file_and_it_is_prepared_again()
    {
        await _dropped.AcceptAsync("faces/a.csv", Two());
        await _dropped.DropAsync("faces/a.csv.keypoints.json", """{"group":"person"}""");
        var workflows = new StartRecorder();

        ApiAnswer answer = await StateAsync("""{"path":"faces/a.csv","pairs":"a_1:b_1"}""", workflows);

        JsonNode sidecar = JsonNode.Parse((await _dropped.Storage.FindContentAsync("datasets", "faces/a.csv.keypoints.json", Cancel))!.Content.ToString())!;
        Assert.Equal("""[["a_1","b_1"]]""", sidecar["mirror"]!.ToJsonString());
        Assert.Equal("person", (string?)sidecar["group"]);
        Assert.Equal((202, answer.InstanceId()), (answer.Status, Assert.Single(workflows.Started).InstanceId));
        string file = $"{await _dropped.Storage.FindETagAsync("datasets", "faces/a.csv", Cancel)}";
        string stated = $"{await _dropped.Storage.FindETagAsync("datasets", "faces/a.csv.keypoints.json", Cancel)}";
        Assert.Equal(InstanceIds.Ingest("faces/a.csv", file, stated), answer.InstanceId());
    }

    [Theory]
    [InlineData("""{"path":"a.csv","pairs":"a_1:elbow"}""", 400, "'elbow' is not a keypoint")]
    [InlineData("""{"path":"a.csv","pairs":"a_1"}""", 400, "no pair of two names")]
    [InlineData("""{"path":"never.csv","pairs":"none"}""", 404, "datasets/never.csv")]
    [InlineData("""{"path":"faces/","pairs":"none"}""", 409, "keypoints.json")]
    [InlineData("""{"pairs":"none"}""", 400, "path")]
    public async Task A_statement_that_cannot_be_used_changes_nothing(string body, int status, string detail)
    {
        await _dropped.AcceptAsync("a.csv", Two());

        var e = await Assert.ThrowsAsync<ApiProblemException>(() => StateAsync(body, new StartRecorder()));

        Assert.Equal(status, e.Problem.Status);
        Assert.Contains(detail, e.Message, StringComparison.Ordinal);
        Assert.Null(await _dropped.Storage.FindETagAsync("datasets", "a.csv.keypoints.json", Cancel));
    }

    public async ValueTask InitializeAsync() => _dropped = await DroppedDatasets.StartAsync(azurite);

    public ValueTask DisposeAsync() => _dropped.DisposeAsync();

    private static string Two() => "a_1_x,a_1_y,b_1_x,b_1_y,Image\n" + string.Concat(
        Enumerable.Range(0, 12).Select(i => $"{i % 8},1,2,3,{SmallTable.Image(i)}\n"));

    private Task<ApiAnswer> CallAsync<T>(IReadOnlyList<string> values, string query, string? token = null, string? known = null)
        where T : class, IApiEndpoint => _dropped.Get<T>().CallAsync(values, query, [], new StartRecorder(), Cancel, token, known);

    private async Task<int> StatusAsync<T>(IReadOnlyList<string> values, string query)
        where T : class, IApiEndpoint => (await Assert.ThrowsAsync<ApiProblemException>(() => CallAsync<T>(values, query))).Problem.Status;

    private Task<ApiAnswer> StateAsync(string body, StartRecorder workflows) =>
        _dropped.Get<StateMirror>().CallAsync([], "", System.Text.Encoding.UTF8.GetBytes(body), workflows, Cancel);
}
