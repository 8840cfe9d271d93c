using KeypointPipeline.Models;
using KeypointPipeline.Port;

namespace KeypointPipeline.Steps.Infer;

/// <summary>The version in use now, or null before the first promotion.</summary>
public sealed class FindChampion(ModelRegistry models) : Step<string, ChampionVersion>
{
    /// <summary>How workflows call it; the input names the batch that asks.</summary>
    public static StepRef<string, ChampionVersion> Ref { get; } = new(nameof(FindChampion), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<ChampionVersion> RunAsync(string input, CancellationToken cancellationToken) =>
        new((await models.GetChampionAsync(cancellationToken))?.Version);
}

/// <summary>The answer of <see cref="FindChampion"/>.</summary>
public sealed record ChampionVersion(string? Version);
