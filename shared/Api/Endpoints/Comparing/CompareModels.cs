using KeypointPipeline.Api.Comparing;
using KeypointPipeline.Api.Endpoints.Rows;
using KeypointPipeline.Datasets;
using KeypointPipeline.Models;
using KeypointPipeline.Splits;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Endpoints.Comparing;

/// <summary>Predicts a sample of the test rows of a version with it and with another version, and compares their errors keypoint by
/// keypoint. Rows whose picture or group the other version learned from are left out. The answer says if nobody knows what it learned from.
/// <c>top=N</c> is the size of the sample. 400: the number is invalid.
/// 404: a version is not published. 409: they cannot be compared, with the reason.</summary>
[ApiEndpoint(CompareModels.Method, CompareModels.Template)]
public sealed class CompareModels(
    PipelineStorage storage, ModelRegistry models, ModelCache cache, RowPlanStore plans, PreparedDatasetStore prepared) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholders are the two versions.</summary>
    public const string Template = "models/{version}/compare/{other}";

    private const int DefaultSample = 64;
    private const int LargestSample = 256;
    private const int ReadsAtOnce = 16;

    private readonly RecentComparisons _recent = new();

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return ApiAnswer.Ok(await CompareAsync(await PlanAsync(call, cancellationToken), cancellationToken));
    }

    /// <summary>Finds the errors of the comparison that a request asks for, without its pictures. Compares the models if they were not compared lately.</summary>
    /// <exception cref="ApiProblemException">As for the answer.</exception>
    internal async Task<ModelsSideBySide> FindErrorsAsync(ApiCall call, CancellationToken cancellationToken)
    {
        Plan plan = await PlanAsync(call, cancellationToken);
        return _recent.Find(plan.First.Version, plan.Second.Version, plan.Top, plan.TestRows) ?? await CompareAsync(plan, cancellationToken);
    }

    private async Task<Plan> PlanAsync(ApiCall call, CancellationToken cancellationToken)
    {
        int top = call.ReadNumber(ApiCall.Top, DefaultSample, 1, LargestSample);
        ModelManifest first = await RequireAsync(call.Values["version"], cancellationToken);
        ModelManifest second = await RequireAsync(call.Values["other"], cancellationToken);
        if (first.Schema.FrameWidth != second.Schema.FrameWidth || first.Schema.FrameHeight != second.Schema.FrameHeight)
            throw Incomparable($"{first.Version} predicts {first.Schema}, and {second.Version} predicts {second.Schema}: their frames differ.");
        RowPlan plan = await plans.FindOfModelAsync(first.Version, cancellationToken)
            ?? throw Incomparable($"An earlier version of the pipeline published {first.Version} and did not keep its test rows.");
        RowPlan? other = await plans.FindOfModelAsync(second.Version, cancellationToken);
        List<PlannedRow> test = FindRows(plan, other);
        if (test.Count == 0)
            throw Incomparable($"{first.Version} has no test rows that {second.Version} did not learn from.");
        return new Plan(first, second, top, [.. ListRows.Sample(test.Count, top).Select(i => test[i])], test.Count, await OpenAsync(plan, cancellationToken))
        {
            Note = other is null
                ? $"An earlier version of the pipeline published {second.Version} and did not keep its row plan. It may have learned from these rows, and then its errors are too low."
                : null,
        };
    }

    private async Task<ModelsSideBySide> CompareAsync(Plan plan, CancellationToken cancellationToken)
    {
        await LoadAsync(plan, cancellationToken);
        using Lease<KeypointModel> one = await cache.OpenAsync(plan.First.Version, cancellationToken);
        using Lease<KeypointModel> two = await cache.OpenAsync(plan.Second.Version, cancellationToken);
        (IReadOnlyList<KeypointErrors> keypoints, IReadOnlyList<ComparedRow> compared) =
            await Task.Run(() => new ModelPair(one.Value, two.Value, plan.Datasets).Compare(plan.Sample), cancellationToken);
        var both = new ModelsSideBySide(
            plan.First.Version,
            plan.Second.Version,
            plan.Sample.Length,
            plan.TestRows,
            plan.First.Schema.FrameWidth,
            plan.First.Schema.FrameHeight,
            keypoints,
            [.. compared.OrderByDescending(row => Math.Abs((row.FirstError - row.SecondError) ?? 0))],
            plan.Note);
        _recent.Keep(both, plan.Top);
        return both;
    }

    private async Task<ModelManifest> RequireAsync(string version, CancellationToken cancellationToken) =>
        await models.FindAsync(version, cancellationToken) ?? throw ListModels.NotPublished(version);

    /// <summary>Test rows of the first version that the second one did not learn from: neither from the row, which may have no key, nor from its
    /// picture or group in any dataset.</summary>
    private static List<PlannedRow> FindRows(RowPlan plan, RowPlan? other)
    {
        var trained = new TrainedKeys();
        if (other is not null)
            trained.Add(other);
        var learned = (other?.Datasets ?? []).GroupBy(dataset => dataset.DatasetId, StringComparer.Ordinal)
            .ToDictionary(sets => sets.Key, sets => sets.First().Sides, StringComparer.Ordinal);
        return
        [
            .. from row in plan.RowsOn(RowSide.Test)
               let dataset = plan.Datasets[row.Dataset]
               let sides = learned.GetValueOrDefault(dataset.DatasetId)
               where sides is null || row.Row >= sides.Count || sides[row.Row] != RowSide.Training
               where !trained.Contains(dataset.ImageKeys[row.Row]) && !trained.Contains(dataset.GroupKeys[row.Row])
               select row,
        ];
    }

    private async Task<IReadOnlyList<SampledRows>> OpenAsync(RowPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            var rows = new List<SampledRows>(plan.Datasets.Count);
            foreach (PlannedDataset dataset in plan.Datasets)
                rows.Add(new SampledRows(await prepared.GetAsync(dataset.DatasetId, cancellationToken)));
            return rows;
        }
        catch (FileNotFoundException)
        {
            throw Erased();
        }
    }

    private async Task LoadAsync(Plan plan, CancellationToken cancellationToken)
    {
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(
                plan.Sample, options, async (PlannedRow row, CancellationToken token) => await plan.Datasets[row.Dataset].LoadAsync(storage, row.Row, token));
        }
        catch (FileNotFoundException)
        {
            throw Erased();
        }
    }

    private static ApiProblemException Erased() => Incomparable("A dataset of the test rows was erased.");

    private static ApiProblemException Incomparable(string detail) => new(409, "Models cannot be compared", detail);

    /// <summary>What is compared.</summary>
    private sealed record Plan(
        ModelManifest First, ModelManifest Second, int Top, PlannedRow[] Sample, int TestRows, IReadOnlyList<SampledRows> Datasets)
    {
        public string? Note { get; init; }
    }
}
