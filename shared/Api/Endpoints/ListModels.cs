using KeypointPipeline.Datasets;
using KeypointPipeline.Models;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Lists all published versions and the champion, with what each version learned from and what became of these
/// datasets.</summary>
[ApiEndpoint(ListModels.Method, ListModels.Template)]
public sealed class ListModels(ModelRegistry models, DatasetPaths paths) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public const string Template = "models";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        IReadOnlyList<ModelManifest> versions = await models.ListAsync(cancellationToken);
        IReadOnlyList<DatasetPathState> states = await paths.ListAsync(cancellationToken);
        return ApiAnswer.Ok(new ModelList(
            await models.GetChampionAsync(cancellationToken),
            versions,
            [.. versions.Select(version => new LearnedData(version.Version, [.. version.DatasetIds.SelectMany(id => Describe(id, version, states))]))]));
    }

    /// <summary>Describes what became of a dataset: the paths for which it is in force, or those that the version learned it from.</summary>
    private static IEnumerable<ModelDataset> Describe(string datasetId, ModelManifest version, IReadOnlyList<DatasetPathState> states)
    {
        DatasetPathState[] known = [.. states.Where(state => state.DatasetIds.Contains(datasetId, StringComparer.Ordinal))];
        DatasetPathState[] inForce = [.. known.Where(state => state.InForce?.DatasetId == datasetId)];
        DatasetPathState[] learned =
            [.. known.Where(state => version.LearnedFrom?.Any(from => from.Path == state.Path && from.DatasetId == datasetId) == true)];
        DatasetPathState[] shown = inForce.Length > 0 ? inForce : learned.Length > 0 ? learned : known;
        return shown.Length > 0
            ? shown.Select(state => Describe(datasetId, state))
            : [new ModelDataset(datasetId, version.LearnedFrom?.FirstOrDefault(from => from.DatasetId == datasetId)?.Path, DatasetFate.Unknown)];
    }

    private static ModelDataset Describe(string datasetId, DatasetPathState state)
    {
        if (state.InForce?.DatasetId == datasetId)
            return new ModelDataset(datasetId, state.Path, DatasetFate.InForce);
        if (state.DatasetId == datasetId && state.Withdrawn is DatasetWithdrawal withdrawn)
            return new ModelDataset(datasetId, state.Path, StateOf(withdrawn.Reason), withdrawn.At);
        EarlierDataset last = state.Earlier!.Last(earlier => earlier.DatasetId == datasetId);
        DatasetFate became = state.Withdrawn?.Reason == WithdrawalReason.Erased ? DatasetFate.Erased : StateOf(last.Withdrawn);
        return new ModelDataset(datasetId, state.Path, became, last.Until);
    }

    private static DatasetFate StateOf(WithdrawalReason? reason) => reason switch
    {
        null => DatasetFate.Replaced,
        WithdrawalReason.Erased => DatasetFate.Erased,
        _ => DatasetFate.Withdrawn,
    };

    /// <summary>The problem of a version that is not published.</summary>
    internal static ApiProblemException NotPublished(string version) => new(
        404, "No such model version", $"'{version}' is not published; {ApiRoute.Of<ListModels>()} lists the versions.");
}
