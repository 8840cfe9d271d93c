using KeypointPipeline.Models;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Makes a version the champion: by the promotion rule, or whatever the rule says when forced. Answers the pointer in
/// force. 404: no such version. 409: the rule refuses, and why.</summary>
[ApiEndpoint(RequestPromotion.Method, RequestPromotion.Template)]
public sealed class RequestPromotion(ModelRegistry models) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "post";

    /// <summary>The address; its value is the version.</summary>
    public const string Template = "models/{version}/promote";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string version = call.Values["version"];
        PromoteRequest request = await call.ReadBodyAsync<PromoteRequest>(cancellationToken);
        ModelManifest candidate = await models.FindAsync(version, cancellationToken)
            ?? throw new ApiProblemException(
                404, "No such model version", $"'{version}' is not published; {ApiRoute.Of<ListModels>()} lists the versions.");
        try
        {
            return ApiAnswer.Ok(request.Force
                ? await models.PromoteAsync(version, "promoted by hand", cancellationToken)
                : await PromoteByRuleAsync(candidate, cancellationToken));
        }
        catch (InvalidDataException e)
        {
            throw new ApiProblemException(409, "Not promoted", $"{version} was not promoted: {e.Message} Promote another version, or train again.");
        }
    }

    private async Task<ChampionPointer> PromoteByRuleAsync(ModelManifest candidate, CancellationToken cancellationToken)
    {
        ChampionPointer? champion = await models.GetChampionAsync(cancellationToken);
        if (champion?.Version == candidate.Version)
            return champion;
        if (await FindRefusalAsync(candidate, champion, cancellationToken) is string reason)
        {
            throw new ApiProblemException(
                409, "Not promoted", $"{candidate.Version} was not promoted: {reason}. To promote it all the same, send {{\"force\":true}}.");
        }

        return await models.GetChampionAsync(cancellationToken)
            ?? throw new InvalidOperationException("The champion pointer was deleted right after it was written.");
    }

    /// <summary>Applies the rule to the comparison that was made after training, if it was made with today's champion.</summary>
    /// <returns>Null where the version is the champion now.</returns>
    private async Task<string?> FindRefusalAsync(ModelManifest candidate, ChampionPointer? champion, CancellationToken cancellationToken)
    {
        ModelComparison comparison = candidate.Evaluation;
        if (champion is null)
            comparison = comparison with { ChampionVersion = null };
        else if (comparison.ChampionVersion != champion.Version)
            return $"it was compared with {comparison.ChampionVersion ?? "no champion"}, and the champion is {champion.Version} now";

        PromotionDecision? decision = await PromotionRule.ApplyAsync(models, candidate, comparison, cancellationToken);
        return decision is null ? "another version became champion in the meantime"
            : decision.Promote ? null
            : decision.Reason;
    }
}
