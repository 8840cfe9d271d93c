using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints.Uploads;
using KeypointPipeline.Api.Uploads;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows.Drops;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

/// <summary>Uploads in blocks, on the real storage server.</summary>
public sealed class UploadEndpointTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const int Block = 4 << 20;
    private readonly StartRecorder _workflows = new();
    private PipelineStorage _storage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Blocks_in_any_order_become_the_file_and_start_what_the_file_starts()
    {
        byte[] content = Content(Block + 1000);

        await PutAsync("images", "people.zip", "u1", 1, content[Block..]);
        Assert.False(await _storage.Blob("images", "people.zip").ExistsAsync(Cancel));
        await PutAsync("images", "people.zip", "u1", 0, content[..Block]);
        UploadState done = await CommitAsync("images", "people.zip", "u1", content.Length);

        Assert.Equal(content, (await _storage.FindContentAsync("images", "people.zip", Cancel))!.Content.ToArray());
        Assert.Equal((true, done.InstanceId), (done.IsComplete, Assert.Single(_workflows.Started).InstanceId));
    }

    [Fact]
    public async Task What_has_arrived_is_told_so_that_an_upload_goes_on()
    {
        byte[] content = Content((2 * Block) + 5);
        await PutAsync("datasets", "a b/faces ü.zip", "u1", 2, content[(2 * Block)..]);
        await PutAsync("datasets", "a b/faces ü.zip", "u1", 0, content[..Block]);

        UploadState state = await ShowAsync("datasets", "a b/faces ü.zip", "u1");
        Assert.Equal([0, 2], state.Blocks);
        Assert.Equal((false, null), (state.IsComplete, state.InstanceId));
        Assert.Empty((await ShowAsync("datasets", "a b/faces ü.zip", "u2")).Blocks);
        ApiProblemException e = await Assert.ThrowsAsync<ApiProblemException>(() => CommitAsync("datasets", "a b/faces ü.zip", "u1", content.Length));
        Assert.Equal(409, e.Problem.Status);
        Assert.Contains("1 of 3 blocks are missing or have another size: 1.", e.Message, StringComparison.Ordinal);

        await PutAsync("datasets", "a b/faces ü.zip", "u1", 1, content[Block..(2 * Block)]);
        await CommitAsync("datasets", "a b/faces ü.zip", "u1", content.Length);
        state = await ShowAsync("datasets", "a b/faces ü.zip", "u1");
        Assert.True(state.IsComplete);
        Assert.Equal(_workflows.Started[0].InstanceId, state.InstanceId);
    }

    [Fact]
    public async Task Putting_it_in_place_twice_changes_nothing()
    {
        await PutAsync("datasets", "a.csv", "u1", 0, Content(10));
        UploadState first = await CommitAsync("datasets", "a.csv", "u1", 10);
        string etag = $"{await _storage.FindETagAsync("datasets", "a.csv", Cancel)}";

        UploadState second = await CommitAsync("datasets", "a.csv", "u1", 10);

        Assert.Equal(first.InstanceId, second.InstanceId);
        Assert.Equal(etag, $"{await _storage.FindETagAsync("datasets", "a.csv", Cancel)}");
    }

    [Fact]
    public async Task What_finds_the_faces_becomes_a_part_of_the_drop()
    {
        await PutAsync("images", "people.zip", "u1", 0, Content(10));
        await CommitAsync("images", "people.zip", "u1", 10, "&finder=whole");

        Assert.Equal("whole", (await BatchDrop.FindLatestAsync(_storage, "people", Cancel))[0].Finder);
        Assert.Equal(400, (await Assert.ThrowsAsync<ApiProblemException>(() => CommitAsync("images", "people.zip", "u1", 10, "&finder=cats"))).Problem.Status);
    }

    [Fact]
    public async Task Two_uploads_of_one_name_are_never_mixed()
    {
        byte[] mine = Content(Block + 1);
        byte[] other = Content(7);
        await PutAsync("datasets", "a.csv", "mine", 0, mine[..Block]);
        await PutAsync("datasets", "a.csv", "other", 0, other);
        await CommitAsync("datasets", "a.csv", "other", other.Length);

        await PutAsync("datasets", "a.csv", "mine", 1, mine[Block..]);
        ApiProblemException e = await Assert.ThrowsAsync<ApiProblemException>(() => CommitAsync("datasets", "a.csv", "mine", mine.Length));

        Assert.Equal(409, e.Problem.Status);
        Assert.Equal(other, (await _storage.FindContentAsync("datasets", "a.csv", Cancel))!.Content.ToArray());
    }

    [Fact]
    public async Task An_empty_marker_is_a_file_without_blocks_and_starts_its_batch()
    {
        await PutAsync("images", "people/a.jpg", "u1", 0, Content(10));
        Assert.Null((await CommitAsync("images", "people/a.jpg", "u1", 10)).InstanceId);

        Assert.NotNull((await CommitAsync("images", "people/_READY", "u1", 0)).InstanceId);

        Assert.Equal("InferBatch", Assert.Single(_workflows.Started).Workflow);
        Assert.Equal(1, await _storage.ListAsync(BlobLayout.Handled, prefix: null, Cancel).CountAsync(Cancel));
    }

    [Theory]
    [InlineData("models", "champion.json", "models")]
    [InlineData("datasets", "../models/champion.json", "'..'")]
    [InlineData("datasets", @"a\b.csv", "\\")]
    [InlineData("datasets", "notes.docx", "datasets/notes.docx")]
    [InlineData("images", "a.jpg", "images/{batch}/")]
    [InlineData("images", "a/b/_READY", "images/a/_READY")]
    [InlineData("images", "people/\u0001.jpg", "control character")]
    public async Task A_name_that_would_start_nothing_by_mistake_is_refused_before_the_first_byte(string container, string path, string expected)
    {
        ApiProblemException e = await Assert.ThrowsAsync<ApiProblemException>(() => PutAsync(container, path, "u1", 0, Content(10)));

        Assert.Equal(400, e.Problem.Status);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_are_those_of_what_the_name_stands_for()
    {
        Assert.Equal(64L << 20, (await ShowAsync("images", "people/a.jpg", "u1")).LargestBytes);
        Assert.Equal(50_000L * Block, (await ShowAsync("images", "people.zip", "u1")).LargestBytes);
        Assert.Equal(1L << 20, (await ShowAsync("datasets", "a.csv.keypoints.json", "u1")).LargestBytes);

        Assert.Equal(413, (await Assert.ThrowsAsync<ApiProblemException>(() => PutAsync("images", "people/a.jpg", "u1", 16, Content(1)))).Problem.Status);
        Assert.Equal(413, (await Assert.ThrowsAsync<ApiProblemException>(() => PutAsync("datasets", "a.csv", "u1", 0, Content(Block + 1)))).Problem.Status);
        Assert.Equal(400, (await Assert.ThrowsAsync<ApiProblemException>(() => PutAsync("datasets", "a.csv", "u1", 0, []))).Problem.Status);
        Assert.Equal(400, (await Assert.ThrowsAsync<ApiProblemException>(() => PutAsync("datasets", "a.csv", "", 0, Content(1)))).Problem.Status);
        Assert.Equal(400, (await Assert.ThrowsAsync<ApiProblemException>(() => PutAsync("datasets", "a.csv", "u1", 50_000, Content(1)))).Problem.Status);
    }

    public async ValueTask InitializeAsync() => _storage = (await azurite.NewStorageAsync(Cancel)).Storage;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static byte[] Content(int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        return content;
    }

    private async Task PutAsync(string container, string path, string upload, int block, byte[] content) =>
        await new PutUploadBlock(_storage).CallAsync([container, path], $"upload={upload}&block={block}", content, _workflows, Cancel);

    private async Task<UploadState> CommitAsync(string container, string path, string upload, long bytes, string rest = "") =>
        (UploadState)(await new CommitUpload(_storage, new HandledDrops(_storage, TimeProvider.System))
            .CallAsync([container, path], $"upload={upload}&bytes={bytes}{rest}", [], _workflows, Cancel)).Body;

    private async Task<UploadState> ShowAsync(string container, string path, string upload) =>
        (UploadState)(await new ShowUpload(_storage).CallAsync([container, path], $"upload={upload}", [], _workflows, Cancel)).Body;
}
