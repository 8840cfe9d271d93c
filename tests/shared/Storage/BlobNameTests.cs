using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Datasets;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Storage;

public sealed class BlobNameTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "0 characters")]
    [InlineData("..", "a part '..'")]
    [InlineData("../models/champion.json", "a part '..'")]
    [InlineData("a/../../models/champion.json", "a part '..'")]
    [InlineData("a/./b", "a part '.'")]
    [InlineData("/a", "begins or ends with '/'")]
    [InlineData("a/", "begins or ends with '/'")]
    [InlineData(@"..\models", @"contains a '\'")]
    [InlineData("a\0b", "a control character")]
    [InlineData("a\u001bb", "a control character")]
    public void A_name_that_would_reach_another_blob_is_refused_with_the_reason(string name, string reason)
    {
        PipelineStorage storage = new(new BlobServiceClient(new Uri("http://127.0.0.1:1/account")));

        var refusal = Assert.Throws<InvalidDataException>(() => storage.Blob(BlobLayout.Images, name));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_with_half_a_character_is_refused() => Assert.Contains("half of a surrogate pair", BlobName.FindProblem("a\ud800b"), StringComparison.Ordinal);

    [Fact]
    public void Every_other_name_stays_in_its_container_and_is_the_blobs_name()
    {
        PipelineStorage storage = new(new BlobServiceClient(new Uri("http://127.0.0.1:1/account")));
        string[] usable = [.. StrangeNames.Some(20_000).Where(name => BlobName.FindProblem(name) is null)];

        Assert.InRange(usable.Length, 2_000, 20_000);
        Assert.All(usable, name =>
        {
            BlobClient blob = storage.Blob(BlobLayout.Images, name);
            Assert.Equal((BlobLayout.Images, name), (blob.BlobContainerName, blob.Name));
            Assert.StartsWith("/account/images/", blob.Uri.AbsolutePath, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Names_that_are_taken_are_listed_by_the_server_as_they_were_given()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        string[] names = [.. StrangeNames.Some(150).Where(name => BlobName.FindProblem(name) is null).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Assert.InRange(names.Length, 60, 200);

        await Parallel.ForEachAsync(names, Cancel, async (name, token) =>
            await storage.Blob(BlobLayout.Images, name).UploadAsync(BinaryData.FromString(name), token));

        Assert.Equal(names, (await ListAsync(storage, BlobLayout.Images)).Order(StringComparer.Ordinal));
        Assert.Empty(await ListAsync(storage, BlobLayout.Models));
    }

    [Fact]
    public async Task Deleting_a_folder_leaves_what_a_strange_name_below_it_points_to()
    {
        TestStorage test = await azurite.NewStorageAsync(Cancel);
        await test.Storage.Blob(BlobLayout.Models, BlobLayout.Champion).UploadAsync(BinaryData.FromString("{}"), Cancel);
        await test.Storage.Blob(BlobLayout.Results, "holiday/keypoints.csv").UploadAsync(BinaryData.FromString("x"), Cancel);
        await RawBlobs.PutAsync(test.ConnectionString, "results/holiday/../../models/champion.json", "x", Cancel);

        await test.Storage.DeleteAllAsync(BlobLayout.Results, "holiday/", Cancel);

        Assert.Equal(["holiday/../../models/champion.json"], await ListAsync(test.Storage, BlobLayout.Results));
        Assert.Equal([BlobLayout.Champion], await ListAsync(test.Storage, BlobLayout.Models));
    }

    [Fact]
    public async Task Manifests_under_names_that_lead_elsewhere_keep_nobody_from_the_models_and_datasets()
    {
        TestStorage test = await azurite.NewStorageAsync(Cancel);
        await RawBlobs.PutAsync(test.ConnectionString, "models/../evil/manifest.json", "{}", Cancel);
        await RawBlobs.PutAsync(test.ConnectionString, "prepared/../evil/dataset.json", "{}", Cancel);
        Assert.NotEmpty(await ListAsync(test.Storage, BlobLayout.Models));

        Assert.Empty(await new ModelRegistry(test.Storage, TimeProvider.System).ListAsync(Cancel));
        Assert.Empty(await new PreparedDatasetStore(test.Storage).ListAsync(Cancel));
    }

    private static async Task<List<string>> ListAsync(PipelineStorage storage, string container)
    {
        var names = new List<string>();
        await foreach (BlobItem blob in storage.Container(container).GetBlobsAsync(cancellationToken: Cancel))
            names.Add(blob.Name);
        return names;
    }
}
