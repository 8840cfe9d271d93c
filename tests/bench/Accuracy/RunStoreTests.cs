using KeypointPipeline.Bench.Accuracy;
using KeypointPipeline.Errors;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Accuracy;

public sealed class RunStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestFolder.Create("runs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_finished_run_is_found_again_with_all_its_figures()
    {
        AccuracyRun run = Runs.Of("pioneer", 2, rmse: 3, Runs.Curve(6, 3));
        new RunStore(_folder.Path).Keep(run);

        AccuracyRun found = new RunStore(_folder.Path).Find("pioneer", run.Settings)!;

        Assert.Equivalent(run, found, strict: true);
        Assert.Equal(run.Settings, found.Settings);
    }

    [Fact]
    public void A_run_of_other_settings_is_not_taken_for_it()
    {
        AccuracyRun run = Runs.Of("pioneer", 1, rmse: 3, Runs.Curve(6, 3));
        var store = new RunStore(_folder.Path);
        store.Keep(run);

        Assert.Null(store.Find("pioneer", run.Settings with { Seconds = 7 }));
        Assert.Null(store.Find("pioneer", run.Settings with { Recipe = run.Settings.Recipe with { LearningRate = 1 } }));
        Assert.Null(store.Find("pioneer", run.Settings with { Seed = 2 }));
    }

    [Fact]
    public void A_file_that_is_no_run_is_named()
    {
        var store = new RunStore(_folder.Path);
        AccuracyRun run = Runs.Of("pioneer", 1, rmse: 3, Runs.Curve(6, 3));
        store.Keep(run);
        string file = Path.Combine(_folder.Path, "runs", "pioneer-1.json");
        File.WriteAllText(file, "{ \"entry\": ");

        var error = Assert.Throws<InvalidDataException>(() => store.Find("pioneer", run.Settings));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_entry_is_answered_with_those_there_are()
    {
        var error = Assert.Throws<UserErrorException>(() => AccuracyEntries.Choose(["pioneer", "nobody"]));
        Assert.Contains("'nobody'", error.Message, StringComparison.Ordinal);
        Assert.Contains("ml-resnet-no-mask", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_names_only_entries_with_the_same_rows_and_seconds_are_chosen()
    {
        IReadOnlyList<AccuracyEntry> chosen = AccuracyEntries.Choose([]);

        Assert.Contains(chosen, entry => entry.Name == "default");
        Assert.DoesNotContain(chosen, entry => entry.Name is "default-50-rows" or "default-two-rules");
        Assert.Equal("default-50-rows", Assert.Single(AccuracyEntries.Choose(["default-50-rows"])).Name);
    }
}
