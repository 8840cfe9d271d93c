using Azure.Storage.Blobs.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps;

/// <summary>Runs a step undisturbed, and then again and again from the same state, each time with another of its requests disturbed
/// in another way. Its output and every blob must be the same each time.</summary>
internal sealed class FaultSweep : IAsyncDisposable
{
    /// <summary>The time of everything.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly StorageFault[] Others =
        [StorageFault.InternalError, StorageFault.CutAnswer, StorageFault.ServerBusy, StorageFault.FalseAlarm, StorageFault.LostRequest];

    private readonly TestStorage _account;
    private readonly FaultyProxy _proxy;
    private readonly TemporaryFolder _folder = TestFolder.Create("faults");
    private int _runs;

    private FaultSweep(TestStorage account, FaultyProxy proxy)
    {
        _account = account;
        _proxy = proxy;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<FaultSweep> StartAsync(AzuriteFixture azurite)
    {
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        return new FaultSweep(account, await FaultyProxy.StartAsync(account, Cancel));
    }

    /// <summary>The account, undisturbed.</summary>
    public PipelineStorage Storage => _account.Storage;

    /// <summary>Sweeps over a step's requests, and leaves the account as the step leaves it.</summary>
    public async Task<TOutput> RunAsync<TStep, TInput, TOutput>(TInput input)
        where TStep : Step<TInput, TOutput>
    {
        AccountState all = await AccountState.ReadAsync(Storage, BlobLayout.Containers, known: null, Cancel);
        int first = _proxy.Seen.Count;
        string output = await RunOnceAsync<TStep, TInput, TOutput>(input, retries: 0);
        StorageRequest[] requests = [.. _proxy.Seen.Skip(first).Select(seen => seen.Request)];
        string[] written = [.. requests.Where(request => request.Method is "PUT" or "DELETE").Select(request => request.Container).Distinct()];
        Assert.NotEmpty(requests);
        AccountState before = all.Of(written);
        AccountState after = await AccountState.ReadAsync(Storage, written, before, Cancel);
        for (int number = 1; number <= requests.Length; number++)
        {
            foreach ((StorageFault fault, int retries) in Disturb(requests[number - 1], number))
            {
                await before.RestoreAsync(Storage, Cancel);
                _proxy.Plan = new OneFault(number, fault).Choose;
                string disturbed = await RunOnceAsync<TStep, TInput, TOutput>(input, retries);
                string what = $"{typeof(TStep).Name}: {fault} at request {number} of {requests.Length} ({requests[number - 1].Kind}), {retries} retries";
                Assert.True(output == disturbed, $"{what}: {disturbed} instead of {output}");
                string? difference = after.Difference(await AccountState.ReadAsync(Storage, written, after, Cancel));
                Assert.True(difference is null, $"{what}: {difference}");
            }
        }

        _proxy.Plan = _ => StorageFault.None;
        return PipelineJson.Read<TOutput>(output);
    }

    /// <summary>Uploads a blob, undisturbed.</summary>
    /// <returns>Its ETag.</returns>
    public async Task<string> UploadAsync(string container, string name, byte[] content)
    {
        BlobContentInfo uploaded = await Storage.Blob(container, name).UploadAsync(BinaryData.FromBytes(content), overwrite: true, Cancel);
        return uploaded.ETag.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The ways to disturb a request, and how often the client sends it again. Without retries the engine runs the failed step once
    /// more. A read leaves the storage as it is, so it cannot matter whether it or its answer is lost.</summary>
    private static (StorageFault Fault, int Retries)[] Disturb(StorageRequest request, int number)
    {
        (StorageFault, int)[] any = [(Others[number % Others.Length], 3), (StorageFault.LostRequest, 0)];
        return request.Method is "GET" or "HEAD" ? any : [.. any, (StorageFault.LostAnswer, 3), (StorageFault.LostAnswer, 0)];
    }

    private async Task<string> RunOnceAsync<TStep, TInput, TOutput>(TInput input, int retries)
        where TStep : Step<TInput, TOutput>
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton<TimeProvider>(new FakeTimeProvider(Now))
            .AddSingleton(_proxy.Open(retries))
            .AddSingleton(new WorkFolder(_folder.File($"{_runs++}")))
            .AddSingleton(new TrainingSettings())
            .AddPipelineSteps()
            .BuildServiceProvider();
        async Task<string> TryAsync() => PipelineJson.Write(await services.GetRequiredService<TStep>().RunAsync(input, Cancel));
        try
        {
            return await TryAsync();
        }
        catch (Exception e) when (retries == 0 && e is not PermanentStepException)
        {
            return await TryAsync();
        }
    }
}
