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
    public void Squared_errors_are_compared_as_means_over_seeds()
    {
        AccuracySummary summary = Summarize(Pioneer, Better);

        Assert.Equal(1, summary.Entries[0].SquaredErrorRatio);
        Assert.Equal((9 + 25) / 2.0 / ((1 + 4) / 2.0), summary.Entries[1].SquaredErrorRatio!.Value, precision: 12);
    }

    [Fact]
    public void The_pioneers_best_is_reached_at_the_first_measurement_at_or_below_it()
    {
        AccuracySummary summary = Summarize(Pioneer, Better);

        // Best errors 3 and 5: the mean is 4, reached after 20 and 10 s; the pioneer's own best errors came after 30 and 20 s.
        Assert.Equal(4, summary.PioneersBest);
        Assert.Equal(new Reaching(25, 2_500, 1), summary.Entries[0].ToPioneersBest);
        Assert.Equal(new Reaching(15, 1_500, 15 / 25.0), summary.Entries[1].ToPioneersBest);
    }

    [Fact]
    public void What_one_seed_never_reaches_is_not_reached()
    {
        AccuracyRun[] halfWay = [Better[0], Runs.Of("ml-resnet", 2, rmse: 4.1, Runs.Curve(5, 4.1))];

        Assert.Null(Summarize(Pioneer, halfWay).Entries[1].ToPioneersBest);
    }

    [Fact]
    public void Without_a_pioneer_there_is_nothing_to_compare_with()
    {
        AccuracySummary summary = Summarize([], Better);

        EntrySummary entry = Assert.Single(summary.Entries);
        Assert.Null(summary.PioneersBest);
        Assert.Null(entry.SquaredErrorRatio);
        Assert.Null(entry.ToPioneersBest);
    }

    [Fact]
    public void The_tables_show_every_entry_with_its_figures()
    {
        string tables = AccuracyTables.Write(Summarize(Pioneer, Better));

        Assert.Contains("| ml-resnet | residual network, masked squared error, augmentation, all rows | 1,000 | 2 | 1.500 (1.000 to 2.000) | 1.500 | 3.75 % (2.50 % to 5.00 %) | 6.80 |", tables, StringComparison.Ordinal);
        Assert.Contains("| ml-resnet | 15.0 | 1,500 | 60 % | 10 | 100.5 | 1,234 | 2 | 0.50 |", tables, StringComparison.Ordinal);
        Assert.Contains("| nose_tip | 4.00 | 1.50 |", tables, StringComparison.Ordinal);
        Assert.Contains("| left_brow | – | – |", tables, StringComparison.Ordinal);
        Assert.Contains("./keypoints bench accuracy", tables, StringComparison.Ordinal);
    }

    private static AccuracySummary Summarize(AccuracyRun[] pioneer, AccuracyRun[] other) => AccuracySummary.Of(
        "./keypoints bench accuracy", [(Runs.Entry("pioneer"), pioneer), (Runs.Entry("ml-resnet"), other)]);
}
