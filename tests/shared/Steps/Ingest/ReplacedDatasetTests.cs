using KeypointPipeline.Port;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Ingest;

/// <summary>Datasets that are replaced while a step works on them. What the step does for the older event must not use the newer content.</summary>
public sealed class ReplacedDatasetTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ReplacedInput _input = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", 1)]
    [InlineData("HEAD", 2)]
    public async Task A_dataset_that_is_replaced_while_it_is_read_is_left_to_the_newer_event(string method, int number)
    {
        string etag = await _input.UploadAsync(BlobLayout.Datasets, "a.csv", Packing.Utf8(SmallTable.With(30)));
        _input.ReplaceBefore(method, number, BlobLayout.Datasets, "a.csv", Packing.Utf8(SmallTable.With(50)));

        PrepareDatasetOutput output = await PrepareAsync("a.csv", etag);

        Assert.Null(output.DatasetId);
        Assert.Contains("was replaced", output.Reason, StringComparison.Ordinal);
        Assert.Empty(await _input.NamesAsync(BlobLayout.Prepared));
    }

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("HEAD", 3)]
    public async Task A_refused_file_that_is_replaced_before_it_is_kept_is_not_mistaken_for_the_newer_one(string method, int number)
    {
        string etag = await _input.UploadAsync(BlobLayout.Datasets, "bad.csv", Packing.Utf8("nose_x,nose_y\n1,2\n"));
        _input.ReplaceBefore(method, number, BlobLayout.Datasets, "bad.csv", Packing.Utf8(SmallTable.With(30)));

        PrepareDatasetOutput output = await PrepareAsync("bad.csv", etag);

        Assert.Contains("was replaced", output.Reason, StringComparison.Ordinal);
        Assert.Empty(await _input.NamesAsync(BlobLayout.Rejected));
    }

    public async ValueTask InitializeAsync() => _input = await ReplacedInput.StartAsync(azurite);

    public ValueTask DisposeAsync() => _input.DisposeAsync();

    /// <summary>As the engine runs it: a try that failed is followed by another.</summary>
    private async Task<PrepareDatasetOutput> PrepareAsync(string path, string etag)
    {
        await using ServiceProvider services = _input.OpenServices();
        PrepareDataset step = services.GetRequiredService<PrepareDataset>();
        try
        {
            return await step.RunAsync(new PrepareDatasetInput(path, etag), Cancel);
        }
        catch (Exception e) when (e is not PermanentStepException)
        {
            return await step.RunAsync(new PrepareDatasetInput(path, etag), Cancel);
        }
    }
}
