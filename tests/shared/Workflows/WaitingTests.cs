using System.Text.Json;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Shared.Tests.Training.ContainerApps;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Workflows;

/// <summary>How often workflows look that wait, and that instances of earlier versions keep the waits in their histories.</summary>
public sealed class WaitingTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_batch_that_waits_seven_days_for_a_model_looks_at_most_five_hundred_times()
    {
        List<double> waits = await WaitAsync(PipelineJson.Write(new ChampionVersion(null, IsPaced: true)));

        Assert.InRange(waits.Count, 200, 500);
        Assert.Equal(waits.Order(), waits);
        Assert.InRange(waits.Sum(), InferBatch.PatienceForModel.TotalSeconds, InferBatch.PatienceForModel.TotalSeconds + 1800);
    }

    [Fact]
    public async Task A_batch_notices_its_first_model_after_a_twentieth_of_the_time_that_it_waited()
    {
        double waited = 0;
        foreach (double wait in await WaitAsync(PipelineJson.Write(new ChampionVersion(null, IsPaced: true))))
        {
            Assert.InRange(wait, 2, Math.Max(2, waited / 20) + 0.001);
            waited += wait;
        }
    }

    [Fact]
    public async Task A_batch_on_the_answers_of_an_earlier_version_waits_as_that_version_did()
    {
        List<double> waits = await WaitAsync("""{"version":null}""");

        Assert.Equal([2, 3, 4.5, 6.75], waits.Take(4));
        Assert.Equal(300, waits[^1]);
        Assert.Equal(2027, waits.Count);
    }

    [Fact]
    public async Task A_training_on_the_answers_of_an_earlier_version_waits_as_that_version_did()
    {
        var times = new List<DateTimeOffset>();
        var catalog = new WorkflowCatalog().Add(
            new StepRef<JsonElement, JsonElement>(nameof(AcquireTrainingSlot), StepRetry.Default),
            _ => new AnswerStep(_time, times, () => times.Count < 20 ? "\"other\"" : throw new PermanentStepException("enough")));

        await Assert.ThrowsAsync<StepFailedException>(() => new TrainModel().RunAsync(Context(catalog), new TrainModelInput("test", null, false, null)));

        Assert.Equal([2, 3, 4.5, 6.75], Waits(times).Take(4));
        Assert.Equal([120, 120], Waits(times).TakeLast(2));
    }

    /// <summary>The seconds between the looks of a batch that gets this answer until it gives up.</summary>
    private async Task<List<double>> WaitAsync(string answer)
    {
        var times = new List<DateTimeOffset>();
        var catalog = new WorkflowCatalog().Add(
            new StepRef<JsonElement, JsonElement>(nameof(FindChampion), StepRetry.Default), _ => new AnswerStep(_time, times, () => answer));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new InferBatch().RunAsync(Context(catalog), new InferBatchInput("people", "etag")));
        Assert.Contains("waited 7 days for a model", error.Message, StringComparison.Ordinal);
        return Waits(times);
    }

    private RecordingContext Context(WorkflowCatalog catalog) =>
        new("instance", catalog, new ServiceCollection().BuildServiceProvider(), _time);

    private static List<double> Waits(List<DateTimeOffset> times) =>
        [.. times.Zip(times.Skip(1), (before, after) => (after - before).TotalSeconds)];

    private sealed class AnswerStep(TimeProvider time, List<DateTimeOffset> times, Func<string> answer) : Step<JsonElement, JsonElement>
    {
        public override Task<JsonElement> RunAsync(JsonElement input, CancellationToken cancellationToken)
        {
            times.Add(time.GetUtcNow());
            return Task.FromResult(JsonDocument.Parse(answer()).RootElement);
        }
    }
}
