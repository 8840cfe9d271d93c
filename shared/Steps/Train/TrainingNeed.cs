using KeypointPipeline.Models;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Whether a training is needed: yes; no, with the reason; or no, because a published version learned from exactly the data in
/// force and only has to become the champion again.</summary>
/// <param name="SkipReason">Why no training is needed; null if one is.</param>
/// <param name="NewChampion">The published version to make the champion instead, or null.</param>
public sealed record TrainingNeed(string? SkipReason, string? NewChampion = null)
{
    /// <summary>Decides, and makes a published version the champion if that is the decision.</summary>
    /// <returns>Why no training is needed, as part of a sentence; null if one is.</returns>
    public static async Task<string?> ResolveAsync(
        TrainingContent content,
        IReadOnlyList<ModelManifest> published,
        ModelRegistry models,
        TrainingRunStore runs,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(runs);
        TrainingFailure? failure = await runs.FindFailureAsync(content.Fingerprint, content.Settings, cancellationToken);
        while (true)
        {
            ChampionPointer? champion = await models.GetChampionAsync(cancellationToken);
            TrainingNeed need = Decide(content, published, champion, failure);
            if (need.NewChampion is not string version)
                return need.SkipReason;
            try
            {
                if (await models.TryPromoteAsync(version, champion?.Version, need.SkipReason!, cancellationToken))
                    return need.SkipReason;
            }
            catch (InvalidDataException)
            {
                // Its model is missing or was changed: as if it had never been published.
                published = [.. published.Where(model => model.Version != version)];
            }
        }
    }

    /// <summary>Decides from what is known. Changes nothing.</summary>
    /// <param name="content">What would be trained on, and how.</param>
    /// <param name="published">All published versions, newest first.</param>
    /// <param name="champion">The champion pointer; null before the first promotion.</param>
    /// <param name="failure">What this code remembers of a training of the same content; null if it did not fail.</param>
    public static TrainingNeed Decide(
        TrainingContent content, IReadOnlyList<ModelManifest> published, ChampionPointer? champion, TrainingFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(published);
        var history = new History(published, champion);
        ModelManifest[] exact = [.. published.Where(model => model.DataFingerprint == content.Fingerprint)];
        ModelManifest[] same = [.. exact.Where(model => model.Settings == content.Settings)];

        if (same.FirstOrDefault(history.IsChampion) is ModelManifest current)
            return new TrainingNeed($"nothing changed: champion {current.Version} was trained on the same data with the same settings");
        // Whatever the settings: another version of the pipeline may have other defaults, which are no reason to undo a roll-back.
        if (exact.FirstOrDefault(history.WasRolledBack) is ModelManifest rolledBack)
        {
            return new TrainingNeed(
                $"nothing changed since the roll-back: version {rolledBack.Version} was trained on the same data, and a person rolled back "
                + $"from it. {HowToForce}");
        }

        if (same.FirstOrDefault(model => history.WasRefused(model) || exact.Any(history.IsChampion)) is ModelManifest refused)
        {
            return new TrainingNeed(
                $"nothing changed: version {refused.Version} was trained on the same data with the same settings and did not replace "
                + $"champion {champion!.Version}");
        }

        if (history.FindSuccessor(exact, content) is ModelManifest again)
        {
            return new TrainingNeed(
                $"version {again.Version} was trained on exactly the data in force and is the champion again", again.Version);
        }

        return failure is null
            ? new TrainingNeed(SkipReason: null)
            : new TrainingNeed(
                $"the training {failure.RunId} on the same data with the same settings failed, and another one would fail in the same way: "
                + $"{failure.Error.TrimEnd('.')}. Correct the data. {HowToForce}");
    }

    private const string HowToForce = """POST /api/retrain with {"force":true} trains anyway""";

    /// <summary>What the published versions and the champion pointer tell of earlier decisions.</summary>
    private sealed class History(IReadOnlyList<ModelManifest> published, ChampionPointer? pointer)
    {
        private readonly ModelManifest? _champion = published.FirstOrDefault(model => model.Version == pointer?.Version);

        public bool IsChampion(ModelManifest model) => model.Version == pointer?.Version;

        public bool WasRolledBack(ModelManifest model) => pointer?.WasRolledBack(model.Version) == true;

        /// <summary>Gets whether a version was compared with the present champion, and did not replace it.</summary>
        public bool WasRefused(ModelManifest model) =>
            pointer is not null && model.Evaluation.ChampionVersion == pointer.Version && !WasChampion(model);

        /// <summary>Finds the version that replaces the champion without a training. It learned from exactly the data in force, and the
        /// champion did not: either the champion's data were withdrawn or replaced, or the version was champion before.</summary>
        public ModelManifest? FindSuccessor(ModelManifest[] exact, TrainingContent content)
        {
            if (exact.Any(IsChampion))
                return null;
            bool isDefended = _champion?.DatasetIds.All(content.InForce.Contains) == true;
            return exact
                .Where(model => !WasRolledBack(model) && !WasRefused(model))
                .Where(model => _champion is null || PromotionRule.AreComparable(model.Schema, _champion.Schema))
                .Where(model => !isDefended || (WasChampion(model) && model.Settings == content.Settings))
                .OrderByDescending(WasChampion)
                .ThenByDescending(model => model.Settings == content.Settings)
                .FirstOrDefault();
        }

        /// <summary>Manifests of earlier versions do not record the decision, but a version that others were compared with was
        /// champion.</summary>
        private bool WasChampion(ModelManifest model) =>
            model.Decision?.Promote == true
            || model.Version == pointer?.PreviousVersion
            || published.Any(other => other.Evaluation.ChampionVersion == model.Version);
    }
}

/// <summary>What a training would learn from, and how.</summary>
/// <param name="Fingerprint">Fingerprint of its data, as in <see cref="TrainingRequest"/>.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="InForce">Ids of all datasets in force, also of other schemas.</param>
public sealed record TrainingContent(string Fingerprint, TrainingSettings Settings, IReadOnlySet<string> InForce);
