using KeypointPipeline.Bench.Accuracy;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TrainerJob.Loop;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Accuracy;

public sealed class EntrySpeedTests
{
    private static readonly SpeedConditions Taught = Runs.Plan.ConditionsOf(Runs.Entry("default"));
    private static readonly SpeedConditions Untaught = Runs.Plan.ConditionsOf(Runs.Entry("pioneer"));

    [Fact]
    public void Without_a_teacher_a_training_has_as_many_epochs_as_go_into_its_seconds()
    {
        EntrySpeed speed = Of(Untaught, epochSeconds: 3);

        Assert.Equal(33, speed.EpochsIn(100));
        Assert.Equal(99, speed.SecondsUntil(33, 33));
    }

    [Fact]
    public void Asking_the_teacher_takes_of_the_same_seconds()
    {
        EntrySpeed speed = Of(Taught, epochSeconds: 3, teachingSeconds: 5);

        int epochs = speed.EpochsIn(100);

        int asked = Enumerable.Range(0, epochs).Count(epoch => Taught.Recipe.AsksTeacherBefore(epoch, epochs));
        Assert.InRange(asked, 1, epochs - 1);
        Assert.Equal((3 * epochs) + (5 * asked), speed.SecondsUntil(epochs, epochs));
        Assert.InRange(speed.SecondsUntil(epochs, epochs), 0, 100);
        Assert.True(speed.SecondsUntil(epochs + 1, epochs + 1) > 100);
    }

    [Fact]
    public void An_entry_slower_than_its_seconds_still_has_one_epoch() => Assert.Equal(1, Of(Taught, epochSeconds: 1_000).EpochsIn(100));

    [Fact]
    public void A_speed_is_found_again_under_the_same_conditions_only()
    {
        using TemporaryFolder folder = TestFolder.Create("speeds");
        var store = new RunStore(folder.Path);
        EntrySpeed speed = Of(Taught, epochSeconds: 3, teachingSeconds: 5);
        store.Keep(speed);

        Assert.Equal(speed, new RunStore(folder.Path).FindSpeed(speed.Entry, Taught));
        Assert.Null(store.FindSpeed(speed.Entry, Taught with { Machine = "another one" }));
        Assert.Null(store.FindSpeed(speed.Entry, Taught with { Recipe = new TrainingRecipe(LearningRate: 1) }));
    }

    private static EntrySpeed Of(SpeedConditions conditions, double epochSeconds, double teachingSeconds = 0) =>
        new("an entry", conditions, epochSeconds, teachingSeconds, MillisecondsPerImage: 1);
}
