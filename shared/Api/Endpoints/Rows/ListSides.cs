using KeypointPipeline.Api.Rows;
using KeypointPipeline.Models;
using KeypointPipeline.Splits;

namespace KeypointPipeline.Api.Endpoints.Rows;

/// <summary>Counts the rows and groups on each side of the newest published version's row plan, in all and of each dataset. 409: the row plan
/// is damaged.</summary>
[ApiEndpoint(ListSides.Method, ListSides.Template)]
public sealed class ListSides(ModelRegistry models, RowPlanStore plans) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public const string Template = "datasets/sides";

    /// <summary>A version's plan never changes, and counting the rows of a large one takes a while.</summary>
    private volatile DatasetSides? _counted;

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        foreach (ModelManifest model in await models.ListAsync(cancellationToken))
        {
            if (_counted is { } known && known.Version == model.Version)
                return ApiAnswer.Ok(known);
            if (await FindAsync(model.Version, cancellationToken) is RowPlan plan)
                return ApiAnswer.Ok(_counted = Count(model, plan));
        }

        return ApiAnswer.Ok(new DatasetSides(null, null, [], []));
    }

    private async Task<RowPlan?> FindAsync(string version, CancellationToken cancellationToken)
    {
        try
        {
            return await plans.FindOfModelAsync(version, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new ApiProblemException(409, "Row plan damaged", e.Message);
        }
    }

    private static DatasetSides Count(ModelManifest model, RowPlan plan) => new(
        model.Version,
        model.PublishedAt,
        Count(plan),
        [.. plan.Datasets.Select(dataset => new SidesOfDataset(dataset.DatasetId, Count(new RowPlan([dataset]))))]);

    private static IReadOnlyList<SideCount> Count(RowPlan plan) =>
    [
        .. from side in Enum.GetValues<RowSide>()
           let rows = plan.Count(side)
           where rows > 0
           select new SideCount(side, rows, plan.CountComponents(side)),
    ];
}
