using KeypointPipeline.Errors;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Losses;
using KeypointPipeline.Training;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>What is compared, in the report's order.</summary>
internal static class AccuracyEntries
{
    /// <summary>The plain network that all others are compared with.</summary>
    public const string Pioneer = "pioneer";

    /// <summary>The product's own network and recipe.</summary>
    public const string Default = "default";

    private const string Plain = "plain-cnn";
    private const string MlResNet = "ml-resnet";

    // As in the literature: mean squared error over the existing labels, all rows weighted equally, one labelling rule assumed.
    private static readonly TrainingRecipe MlResNetRecipe = new(
        Error: ErrorMeasure.Squared, LearnsOffsets: false, LabelExponent: 0, TeacherFrom: 1);
    // The others' rate, 3e-3, is too high for a network without normalization.
    private static readonly TrainingRecipe PioneerRecipe = MlResNetRecipe with { Augments = false, LearningRate = 1e-3 };
    private static readonly TrainingRecipe DefaultRecipe = new();
    private static readonly string DefaultNetwork = new TrainingSettings().Network;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<AccuracyEntry> All { get; } =
    [
        new(Pioneer, "plain network, squared error, no augmentation, complete rows", Plain, RowChoice.Complete, PioneerRecipe),
        new("pioneer-mean-filled", "pioneer on all rows, missing labels filled with means", Plain, RowChoice.MeanFilled, PioneerRecipe),
        new(MlResNet, "residual network, masked squared error, augmentation, all rows", MlResNet, RowChoice.All, MlResNetRecipe),
        new("ml-resnet-no-mask", "ml-resnet on complete rows", MlResNet, RowChoice.Complete, MlResNetRecipe),
        new("ml-resnet-no-augmentation", "ml-resnet without augmentation", MlResNet, RowChoice.All, MlResNetRecipe with { Augments = false }),
        new("ml-resnet-no-residuals", "ml-resnet without shortcuts", "ml-resnet-plain", RowChoice.All, MlResNetRecipe),
        new(Default, "the product's default network and recipe, all rows", DefaultNetwork, RowChoice.All, DefaultRecipe),
        new("default-complete-rows", "default on complete rows", DefaultNetwork, RowChoice.Complete, DefaultRecipe),
        new("default-no-teacher", "default without a teacher's labels", DefaultNetwork, RowChoice.All, DefaultRecipe with { TeacherFrom = 1 }),
        new("default-rows-alike", "default, all rows drawn alike", DefaultNetwork, RowChoice.All, DefaultRecipe with { LabelExponent = 0 }),
        new("default-no-offsets", "default without label offsets", DefaultNetwork, RowChoice.All, DefaultRecipe with { LearnsOffsets = false }),
        new("default-ml-resnet", "default recipe, ml-resnet", MlResNet, RowChoice.All, DefaultRecipe),
        .. new[] { 50, 100, 300, 1000 }.Select(count => new AccuracyEntry(
            $"default-{count}-rows", $"default on {count} drawn rows, for the default length", DefaultNetwork, RowChoice.All, DefaultRecipe, count)),
        new("default-two-rules", "default on rows of two labelling rules", DefaultNetwork, RowChoice.TwoRules, DefaultRecipe),
    ];

    /// <summary>Finds entries by name, in the report's order. Without names: all entries that are compared with each other.</summary>
    /// <exception cref="UserErrorException">An entry does not exist; the message lists the entries.</exception>
    public static IReadOnlyList<AccuracyEntry> Choose(IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(name => All.All(entry => entry.Name != name)) is string unknown)
            throw new UserErrorException($"The comparison has no entry '{unknown}'. Choose from: {string.Join(", ", All.Select(entry => entry.Name))}.");
        return [.. All.Where(entry => names.Count == 0 ? entry.IsCompared : names.Contains(entry.Name))];
    }
}
