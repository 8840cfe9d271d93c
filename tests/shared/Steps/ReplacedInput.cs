using Azure.Storage.Blobs.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps;

/// <summary>An account in which a blob can be replaced just before a certain request of the step under test.</summary>
internal sealed class ReplacedInput : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = TestFolder.Create("replaced");
    private readonly TestStorage _account;
    private readonly FaultyProxy _proxy;

    private ReplacedInput(TestStorage account, FaultyProxy proxy)
    {
        _account = account;
        _proxy = proxy;
    }

    /// <summary>Local files of the step.</summary>
    public WorkFolder Work => new(_folder.Path);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ReplacedInput> StartAsync(AzuriteFixture azurite)
    {
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        return new ReplacedInput(account, await FaultyProxy.StartAsync(account, Cancel));
    }

    /// <summary>The account as the step sees it.</summary>
    public PipelineStorage OpenStorage() => _proxy.Open();

    /// <summary>The steps, with the account as they see it.</summary>
    public ServiceProvider OpenServices() => new ServiceCollection()
        .AddSingleton(TimeProvider.System)
        .AddSingleton(OpenStorage())
        .AddSingleton(Work)
        .AddPipelineSteps()
        .BuildServiceProvider();

    /// <summary>Replaces a blob just before the step's n-th request of a kind for it.</summary>
    public void ReplaceBefore(string method, int number, string container, string name, byte[] content)
    {
        int seen = 0;
        _proxy.Before = async request =>
        {
            if (request.Method == method && request.Blob == name && Interlocked.Increment(ref seen) == number)
                await UploadAsync(container, name, content);
        };
    }

    /// <summary>Deletes a blob just before the step writes another.</summary>
    public void DeleteBeforeWriting(string written, string container, string deleted) => _proxy.Before = async request =>
    {
        if (request.Method == "PUT" && request.Blob == written)
            await _account.Storage.Blob(container, deleted).DeleteIfExistsAsync(cancellationToken: Cancel);
    };

    /// <summary>Uploads a blob directly.</summary>
    /// <returns>Its ETag.</returns>
    public async Task<string> UploadAsync(string container, string name, byte[] content)
    {
        BlobContentInfo uploaded = await _account.Storage.Blob(container, name).UploadAsync(BinaryData.FromBytes(content), overwrite: true, Cancel);
        return uploaded.ETag.ToString();
    }

    /// <summary>Names of all blobs of a container.</summary>
    public async Task<string[]> NamesAsync(string container) =>
        [.. (await _account.Storage.Container(container).GetBlobsAsync(cancellationToken: Cancel).ToListAsync(Cancel)).Select(blob => blob.Name)];

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _folder.Dispose();
    }
}
