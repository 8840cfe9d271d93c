using KeypointPipeline.Datasets;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Splits;

/// <summary>Knows what published models trained on, from their row plans.</summary>
public sealed class TrainingHistory(PreparedDatasetStore datasets, RowPlanStore plans)
{
    /// <summary>Reads the keys of a prepared dataset.</summary>
    public async Task<DatasetKeys> ReadKeysAsync(DatasetManifest manifest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        (ulong[] splitKeys, ulong[] imageKeys) = await datasets.ReadKeysAsync(manifest, cancellationToken);
        return new DatasetKeys(
            manifest.DatasetId, new FrameSize(manifest.Schema.FrameWidth, manifest.Schema.FrameHeight), splitKeys, imageKeys);
    }

    /// <summary>Collects the keys of all rows that published versions trained on. A version of an earlier pipeline gets its row plan
    /// here, by <see cref="OldSplitRule"/>, if its datasets are still prepared.</summary>
    /// <param name="published">The published versions.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task<TrainedKeys> ReadAsync(IEnumerable<ModelManifest> published, CancellationToken cancellationToken)
    {
        var trained = new TrainedKeys();
        foreach (ModelManifest model in published)
        {
            RowPlan? plan = await plans.FindOfModelAsync(model.Version, cancellationToken)
                ?? await RebuildAsync(model, cancellationToken);
            if (plan is not null)
                trained.Add(plan);
        }

        return trained;
    }

    private async Task<RowPlan?> RebuildAsync(ModelManifest model, CancellationToken cancellationToken)
    {
        var keys = new List<DatasetKeys>();
        foreach (string datasetId in model.DatasetIds)
        {
            if (await datasets.FindAsync(datasetId, cancellationToken) is DatasetManifest manifest)
                keys.Add(await ReadKeysAsync(manifest, cancellationToken));
        }

        if (keys.Count == 0)
            return null;
        RowPlan plan = OldSplitRule.Plan(keys, model.Training.ValidationRows > 0);
        if (keys.Count == model.DatasetIds.Count)
            await plans.WriteOfModelAsync(model.Version, plan, cancellationToken);
        return plan;
    }
}
