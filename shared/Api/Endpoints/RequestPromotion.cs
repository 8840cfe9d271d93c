using KeypointPipeline.Models;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Makes a version the champion. An older version than the champion, or one that was champion before, is a roll-back and needs
/// nothing else. The promotion rule decides on a newer version unless it is forced. Answers with the current champion pointer. 404: the
/// version is not published. 409: the version was not promoted, with the reason.</summary>
[ApiEndpoint(RequestPromotion.Method, RequestPromotion.Template)]
public sealed class RequestPromotion(ModelRegistry models) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "post";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the version.</summary>
    public const string Template = "models/{version}/promote";

    private const int LongestReason = 500;

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string version = call.Values["version"];
        PromoteRequest request = await call.ReadBodyAsync<PromoteRequest>(cancellationToken);
        if (request.Reason?.Length > LongestReason)
            throw new ApiProblemException(400, "Invalid body", $"reason has {request.Reason.Length:N0} characters; at most {LongestReason} are allowed.");
        ModelManifest candidate = await models.FindAsync(version, cancellationToken)
            ?? throw ListModels.NotPublished(version);
        ChampionPointer? champion = await models.GetChampionAsync(cancellationToken);
        try
        {
            return ApiAnswer.Ok(request.Force || champion?.IsFormer(version) == true
                ? await models.PromoteAsync(version, string.IsNullOrWhiteSpace(request.Reason) ? "promoted by hand" : request.Reason.Trim(), cancellationToken)
                : await PromoteByRuleAsync(candidate, champion, cancellationToken));
        }
        catch (InvalidDataException e)
        {
            throw new ApiProblemException(409, "Not promoted", $"{version} was not promoted: {e.Message} Promote another version, or train again.");
        }
    }

    private async Task<ChampionPointer> PromoteByRuleAsync(
        ModelManifest candidate, ChampionPointer? champion, CancellationToken cancellationToken)
    {
        if (champion?.Version == candidate.Version)
            return champion;
        if (await FindRefusalAsync(candidate, champion, cancellationToken) is string reason)
        {
            throw new ApiProblemException(
                409, "Not promoted", $"{candidate.Version} was not promoted: {reason}. To promote it anyway, send {{\"force\":true}}.");
        }

        return await models.GetChampionAsync(cancellationToken)
            ?? throw new InvalidOperationException("The champion pointer was deleted right after it was written.");
    }

    /// <summary>Applies the rule to the comparison that was made after training, if that was a comparison with the current
    /// champion.</summary>
    /// <returns>The reason for the refusal; null if the version is the champion now.</returns>
    private async Task<string?> FindRefusalAsync(ModelManifest candidate, ChampionPointer? champion, CancellationToken cancellationToken)
    {
        ModelComparison comparison = candidate.Evaluation;
        if (champion is null)
            comparison = comparison with { ChampionVersion = null };
        else if (comparison.ChampionVersion != champion.Version)
            return $"it was compared with {comparison.ChampionVersion ?? "no champion"}, but the champion is now {champion.Version}";

        PromotionDecision? decision = await PromotionRule.ApplyAsync(models, candidate, comparison, cancellationToken);
        return decision is null ? "another version became champion in the meantime"
            : decision.Promote ? null
            : decision.Reason;
    }
}
