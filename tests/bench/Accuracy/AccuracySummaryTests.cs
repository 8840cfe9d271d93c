using KeypointPipeline.Bench.Accuracy;
using KeypointPipeline.Bench.Accuracy.Reporting;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Accuracy;

public sealed class AccuracySummaryTests
{
    private static readonly AccuracyRun[] Pioneer =
    [
        Runs.Of("pioneer", 1, rmse: 3, Runs.Curve(6, 4, 3, 3.2)),
        Runs.Of("pioneer", 2, rmse: 5, Runs.Curve(6, 5, 5.5, 6)),
    ];

    private static readonly AccuracyRun[] Better =
    [
        Runs.Of("ml-resnet", 1, rmse: 1, Runs.Curve(5, 4, 2, 1)),
        Runs.Of("ml-resnet", 2, rmse: 2, Runs.Curve(3.9, 3, 2, 2)),
    ];

    [Fact]
    public void Figures_are_means_over_seeds_with_their_range()
    {
        EntrySummary entry = Summarize(Pioneer, Better).Entries[1];

        Assert.Equal(new Spread(1.5, 1, 2), entry.Rmse);
        Assert.Equal(new Spread(1.5, 1, 2), entry.FinalRmse);
        Assert.Equal(1.5, entry.RmsePerKeypoint["nose_tip"]);
        Assert.Null(entry.RmsePerKeypoint["left_brow"]);
    }

    [Fact]
    public void Squared_errors_on_each_image_alone_are_compared_as_means_over_seeds()
    {
        AccuracySummary summary = Summarize(Pioneer, Better);

        Assert.Equal(1, summary.Entries[0].SquaredErrorRatio);
        Assert.Equal((9 + 25) / 2.0 / ((1 + 4) / 2.0), summary.Entries[1].SquaredErrorRatio!.Value, precision: 12);
    }

    [Fact]
    public void All_entries_are_timed_to_the_first_time_that_they_reach_the_same_error()
    {
        AccuracySummary summary = Summarize(Pioneer, Better);

        // Every seed of the pioneer reaches 5: after 15 s, half-way from 6 to 4, and after 20 s.
        Assert.Equal(5, summary.Targets[0]);
        Assert.Equal(new Reaching(new Spread(17.5, 15, 20), 1_750, 1), summary.Entries[0].Reached[0]);
        Assert.Equal(new Reaching(new Spread(10, 10, 10), 1_000, 10 / 17.5), summary.Entries[1].Reached[0]);
    }

    [Fact]
    public void Equal_curves_take_equal_time_to_every_error()
    {
        AccuracyRun[] same = [.. Pioneer.Select(run => Runs.Of("ml-resnet", run.Settings.Seed, rmse: 3, [.. run.Curve]))];

        EntrySummary entry = Summarize(Pioneer, same).Entries[1];

        Assert.Equal(4, entry.Reached.Count);
        Assert.All(entry.Reached, reached => Assert.Equal(1, reached!.ShareOfPioneer));
    }

    [Fact]
    public void The_errors_to_reach_are_the_pioneers_best_and_a_little_more()
    {
        Assert.Equal([5, 5.05, 5.25, 5.5], Summarize(Pioneer, Better).Targets.Select(target => Math.Round(target, 9)));
    }

    [Fact]
    public void What_one_seed_never_reaches_is_not_reached()
    {
        AccuracyRun[] halfWay = [Better[0], Runs.Of("ml-resnet", 2, rmse: 5.1, Runs.Curve(6, 5.1))];

        EntrySummary entry = Summarize(Pioneer, halfWay).Entries[1];

        Assert.Null(entry.Reached[0]);
        Assert.NotNull(entry.Reached[2]);
    }

    [Fact]
    public void Drawn_rows_and_two_rules_have_tables_of_their_own()
    {
        AccuracyRun small = Runs.Of("default-50-rows", 1, rmse: 2.2, Runs.Curve(6, 2.25));
        AccuracyRun rules = Runs.Of("default-two-rules", 1, rmse: 9, Runs.Curve(6, 2)) with { TwoRules = new TwoRulesResult(280, 1.5, 1.44) };

        AccuracySummary summary = AccuracySummary.Of(
            "./keypoints bench accuracy", [(Runs.Entry("default-50-rows"), [small]), (Runs.Entry("default-two-rules"), [rules])]);

        Assert.Empty(summary.Entries);
        string tables = AccuracyTables.Write(summary);
        Assert.Contains("| 1,000 | 1 | 2.250 | 2.150 | 2.250 | 10 | 101 |", tables, StringComparison.Ordinal);
        Assert.Contains("| 280 | 1.500 | 1.440 | 1.042 |", tables, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_pioneer_there_is_nothing_to_compare_with()
    {
        AccuracySummary summary = Summarize([], Better);

        EntrySummary entry = Assert.Single(summary.Entries);
        Assert.Empty(summary.Targets);
        Assert.Null(entry.SquaredErrorRatio);
        Assert.Empty(entry.Reached);
    }

    [Fact]
    public void The_tables_show_every_entry_with_its_figures()
    {
        string tables = AccuracyTables.Write(Summarize(Pioneer, Better));

        Assert.Contains("| ml-resnet | residual network, masked squared error, augmentation, all rows | 1,000 | 2 | 1.500 (1.000 to 2.000) | 1.400 (0.900 to 1.900) | 1.500 | 3.75 % (2.50 % to 5.00 %) | 6.80 |", tables, StringComparison.Ordinal);
        Assert.Contains("| ml-resnet | 10 | 100.5 | 1,234 | 2 | 0.50 |", tables, StringComparison.Ordinal);
        Assert.Contains("| entry | to 5.000 px | to 5.050 px | to 5.250 px | to 5.500 px | images to the pioneer's best |", tables, StringComparison.Ordinal);
        Assert.Contains("| ml-resnet | 10.0 [57 %] |", tables, StringComparison.Ordinal);
        Assert.Contains("| nose_tip | 4.00 | 1.50 |", tables, StringComparison.Ordinal);
        Assert.Contains("| left_brow | – | – |", tables, StringComparison.Ordinal);
        Assert.Contains("./keypoints bench accuracy", tables, StringComparison.Ordinal);
    }

    private static AccuracySummary Summarize(AccuracyRun[] pioneer, AccuracyRun[] other) => AccuracySummary.Of(
        "./keypoints bench accuracy", [(Runs.Entry("pioneer"), pioneer), (Runs.Entry("ml-resnet"), other)]);
}
