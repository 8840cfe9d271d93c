using KeypointPipeline.Errors;
using KeypointPipeline.Models;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Reports whether storage answers: 200, or 503 with the fault.</summary>
[ApiEndpoint(CheckHealth.Method, CheckHealth.Template)]
public sealed class CheckHealth(ModelRegistry models, TimeProvider time) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public const string Template = "health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly string CodeVersion =
        ProgramVersion.Current;

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        HealthReport health = await CheckAsync(cancellationToken);
        return new ApiAnswer(health.IsHealthy ? 200 : 503, health);
    }

    private async Task<HealthReport> CheckAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            ChampionPointer? champion = await models.GetChampionAsync(either.Token);
            return new HealthReport("healthy", CodeVersion, champion?.Version);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // This endpoint reports every fault as its answer.
            return new HealthReport("unhealthy", CodeVersion, Champion: null, $"Storage does not answer: {e.Message}");
        }
    }
}
