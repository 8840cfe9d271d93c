using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Train;

public sealed class TrainingNeedTests
{
    private static readonly TrainingSettings Settings = new();
    private static readonly TrainingSettings OtherSettings = new(Seed: 2);
    private static readonly TrainingNeed Train = new(SkipReason: null);

    private readonly List<ModelManifest> _published = [];
    private ChampionPointer? _champion;

    [Fact]
    public void Data_that_nothing_was_trained_on_are_trained_on()
    {
        Assert.Equal(Train, Decide("a"));
        Publish("m1", "a", promoted: true);
        Assert.Equal(Train, Decide("a+b"));
        Assert.Equal(Train, Decide("b"));
    }

    [Fact]
    public void Nothing_is_trained_again_while_the_champion_has_the_data_and_settings()
    {
        Publish("m1", "a", promoted: true);

        Assert.Equal("nothing changed: champion m1 was trained on the same data with the same settings", Decide("a").SkipReason);
        Assert.Equal(Train, Decide("a", OtherSettings));
    }

    [Fact]
    public void A_first_content_that_is_dropped_again_makes_its_model_the_champion_again_and_so_does_the_second()
    {
        Publish("m1", "v1", promoted: true);
        Assert.Equal(Train, Decide("v2"));
        Publish("m2", "v2", promoted: true);

        TrainingNeed first = Decide("v1");
        Promote("m1");
        TrainingNeed night = Decide("v1");
        TrainingNeed second = Decide("v2");

        Assert.Equal(new TrainingNeed("version m1 was trained on exactly the data in force and is the champion again", "m1"), first);
        Assert.Equal((null, (bool?)true), (night.NewChampion, night.SkipReason?.StartsWith("nothing changed", StringComparison.Ordinal)));
        Assert.Equal("m2", second.NewChampion);
    }

    [Fact]
    public void Data_that_are_withdrawn_and_come_back_are_not_trained_on_again()
    {
        Publish("m1", "a", promoted: true);
        Publish("m2", "a+b", promoted: true);

        TrainingNeed withdrawn = Decide("a");
        Promote("m1");
        TrainingNeed back = Decide("a+b");

        Assert.Equal("m1", withdrawn.NewChampion);
        Assert.Equal("m2", back.NewChampion);
    }

    [Fact]
    public void Of_several_models_of_the_data_in_force_the_former_champion_returns()
    {
        Publish("m1", "v1", promoted: true);
        Publish("m2", "v1", promoted: false, OtherSettings);
        Publish("m3", "v2", promoted: true);

        Assert.Equal("m1", Decide("v1").NewChampion);
        Assert.Equal("m1", Decide("v1", OtherSettings).NewChampion);
    }

    [Fact]
    public void A_model_that_was_worse_than_the_champion_is_not_trained_again_and_does_not_replace_it()
    {
        Publish("m1", "v1", promoted: true);
        Publish("m2", "v2", promoted: false);

        TrainingNeed need = Decide("v2");

        Assert.Equal(
            "nothing changed: version m2 was trained on the same data with the same settings and did not replace champion m1", need.SkipReason);
        Assert.Null(need.NewChampion);
        Assert.Equal(Train, Decide("v2", OtherSettings));
        Assert.Equal(Train, Decide("v3"));
    }

    [Fact]
    public void Settings_that_another_model_of_the_same_data_beat_are_not_trained_again()
    {
        Publish("m1", "a", promoted: true);
        Publish("m2", "a", promoted: true, OtherSettings);
        Publish("m3", "a", promoted: true, new TrainingSettings(Seed: 3));

        TrainingNeed need = Decide("a");

        Assert.StartsWith("nothing changed: version m1 ", need.SkipReason, StringComparison.Ordinal);
        Assert.Null(need.NewChampion);
    }

    [Fact]
    public void The_nightly_schedule_does_not_undo_a_roll_back_and_new_data_end_it()
    {
        Publish("m1", "a", promoted: true);
        Publish("m2", "a+b", promoted: true);
        RollBack("m1");

        TrainingNeed night = Decide("a+b");

        Assert.StartsWith("nothing changed since the roll-back: version m2 was trained on the same data", night.SkipReason, StringComparison.Ordinal);
        Assert.Contains("""{"force":true}""", night.SkipReason, StringComparison.Ordinal);
        Assert.Null(night.NewChampion);
        Assert.Equal(night, Decide("a+b", OtherSettings));
        Assert.Equal(Train, Decide("a+b+c"));
    }

    [Fact]
    public void A_version_that_a_person_rolled_back_from_never_returns_by_itself()
    {
        Publish("m1", "v1", promoted: true);
        Publish("m2", "v2", promoted: true);
        RollBack("m1");
        Publish("m3", "v3", promoted: true);

        Assert.Null(Decide("v2").NewChampion);
        Assert.Equal("m1", Decide("v1").NewChampion);
    }

    [Fact]
    public void A_failure_of_the_same_content_is_not_repeated_and_the_reason_says_how_to_force_it()
    {
        Publish("m1", "a", promoted: true);
        var failure = new TrainingFailure("retrain-1", "The training diverged in epoch 3.", "a+b", Settings, "1");

        TrainingNeed need = Decide("a+b", failure: failure);

        Assert.Equal(
            "the training retrain-1 on the same data with the same settings failed, and another one would fail in the same way: "
            + """The training diverged in epoch 3. Correct the data. POST /api/retrain with {"force":true} trains anyway""",
            need.SkipReason);
    }

    [Fact]
    public void A_model_of_another_schema_becomes_champion_only_by_hand()
    {
        Publish("m1", "a", promoted: true);
        Publish("m2", "paws", promoted: false, schema: new KeypointSchema(["paw"], 64, 64));
        Publish("m3", "a+b", promoted: true);

        Assert.Null(Decide("paws").NewChampion);
    }

    [Fact]
    public void A_published_model_without_a_champion_becomes_the_champion()
    {
        Publish("m1", "a", promoted: false);

        Assert.Equal("m1", Decide("a").NewChampion);
    }

    /// <summary>A dataset id for each part of the content.</summary>
    private static string[] Ids(string content) => [.. content.Split('+').Select(part => $"ds-{part}")];

    private TrainingNeed Decide(string content, TrainingSettings? settings = null, TrainingFailure? failure = null) => TrainingNeed.Decide(
        new TrainingContent(content, settings ?? Settings, Ids(content).ToHashSet(StringComparer.Ordinal)),
        [.. _published.OrderByDescending(model => model.Version, StringComparer.Ordinal)],
        _champion,
        failure);

    private void Publish(
        string version, string content, bool promoted, TrainingSettings? settings = null, KeypointSchema? schema = null)
    {
        var comparison = new ModelComparison(10, 1, null, _champion?.Version, _champion is null ? null : 1);
        _published.Add(ModelExamples.Manifest(version, [1], content, comparison, schema) with
        {
            DatasetIds = Ids(content),
            Settings = settings ?? Settings,
        });
        if (promoted)
            Promote(version);
    }

    private void Promote(string version) =>
        _champion = new ChampionPointer(version, _champion?.Version, "by the rule", DateTimeOffset.UnixEpoch, _champion?.RolledBack ?? []);

    private void RollBack(string version) =>
        _champion = new ChampionPointer(
            version, _champion!.Version, "by hand", DateTimeOffset.UnixEpoch, [.. _champion.RolledBack ?? [], _champion.Version]);
}
