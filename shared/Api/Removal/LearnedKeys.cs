using KeypointPipeline.Models;
using KeypointPipeline.Splits;

namespace KeypointPipeline.Api.Removal;

/// <summary>Records which rows models of earlier versions trained on, before these rows are erased. Otherwise later trainings could
/// evaluate such a model on rows that it trained on. Only hashes are kept (<c>models/{version}/rows.bin</c>).</summary>
public sealed class LearnedKeys(ModelRegistry models, TrainingHistory history)
{
    /// <summary>Records the rows of every model that learned from one of the datasets.</summary>
    /// <returns>What could not be recorded, for people; empty if everything was.</returns>
    public async Task<IReadOnlyList<string>> KeepAsync(IReadOnlyCollection<string> datasetIds, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (ModelManifest model in await models.ListAsync(cancellationToken))
        {
            if (!model.DatasetIds.Intersect(datasetIds, StringComparer.Ordinal).Any())
                continue;
            try
            {
                await history.ReadAsync([model], cancellationToken);
            }
            catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
            {
                problems.Add($"The rows that model {model.Version} trained on are unknown from now on: {e.Message}");
            }
        }

        return problems;
    }
}
