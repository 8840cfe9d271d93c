using KeypointPipeline.Models;
using KeypointPipeline.Port;

namespace KeypointPipeline.Steps.Infer;

/// <summary>Finds the champion: the model version that predicts new batches.</summary>
public sealed class FindChampion(ModelRegistry models) : Step<string, ChampionVersion>
{
    /// <summary>How workflows call it; the input is the batch that asks.</summary>
    public static StepRef<string, ChampionVersion> Ref { get; } = new(nameof(FindChampion), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<ChampionVersion> RunAsync(string input, CancellationToken cancellationToken) =>
        new((await models.GetChampionAsync(cancellationToken))?.Version, IsPaced: true);
}

/// <summary>The output of <see cref="FindChampion"/>.</summary>
/// <param name="Version">The champion, or null before the first promotion.</param>
/// <param name="IsPaced">Whether the batch looks again at <see cref="WaitingPace"/>. The recorded answers of earlier versions lack it. A
/// replay of these histories must repeat the waits that they contain.</param>
public sealed record ChampionVersion(string? Version, bool IsPaced = false);
