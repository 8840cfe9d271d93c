using KeypointPipeline.Datasets;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Splits;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Splits;

public sealed class RowPlannerTests
{
    private static readonly TrainedKeys Nothing = new();

    [Fact]
    public void A_tenth_of_the_rows_validates_and_a_tenth_tests()
    {
        RowPlan plan = RowPlanner.Plan([SplitExamples.Singles("a", 1, 1000)], Nothing);
        RowPlanReport report = plan.Report();

        Assert.Equal((800, 100, 100), (plan.Count(RowSide.Training), plan.Count(RowSide.Validation), plan.Count(RowSide.Test)));
        Assert.Equal(new RowPlanReport(800, 100, 100, TestComponents: 100, LeftOutRows: 0, LargestComponent: 1, JoinedBy: null)
        { TrainingComponents = 800, ValidationComponents = 100 }, report);
    }

    [Theory]
    [InlineData(99, 0, 0)]
    [InlineData(100, 10, 10)]
    public void Below_a_hundred_rows_nothing_is_held_out(int rows, int validation, int test)
    {
        RowPlan plan = RowPlanner.Plan([SplitExamples.Singles("a", 1, rows)], Nothing);

        Assert.Equal((validation, test), (plan.Count(RowSide.Validation), plan.Count(RowSide.Test)));
    }

    [Fact]
    public void The_same_pictures_with_a_group_in_one_dataset_and_without_in_another_stay_together()
    {
        DatasetKeys grouped = SplitExamples.Keys("grouped", Enumerable.Range(1, 120).Select(i => (i, 1 + (i / 4))));
        DatasetKeys plain = SplitExamples.Singles("plain", 1, 120);

        RowPlan plan = RowPlanner.Plan([grouped, plain], Nothing);
        RowPlanReport report = plan.Report();

        Assert.Equal(plan.Sides("grouped"), plan.Sides("plain"));
        Assert.InRange(plan.Count(RowSide.Test), 20, 28);
        Assert.InRange(plan.Count(RowSide.Validation), 20, 28);
        Assert.Equal((8, "group and picture"), (report.LargestComponent, report.JoinedBy));
    }

    [Fact]
    public void One_picture_under_two_groups_joins_the_groups()
    {
        // 60 pairs of groups: group 2n has a picture of group 2n + 1.
        DatasetKeys keys = SplitExamples.Keys("a", Enumerable.Range(1, 60).SelectMany(n =>
            ((int, int)[])[(10 * n, 2 * n), ((10 * n) + 1, 2 * n), ((10 * n) + 1, (2 * n) + 1), ((10 * n) + 2, (2 * n) + 1)]));

        RowPlan plan = RowPlanner.Plan([keys], Nothing);

        Assert.All(plan.Sides("a").Chunk(4), pair => Assert.Single(pair.Distinct()));
        Assert.Equal((24, 24), (plan.Count(RowSide.Validation), plan.Count(RowSide.Test)));
    }

    [Fact]
    public void Pictures_without_contrast_connect_nothing_but_their_groups_do()
    {
        ulong white = ImageKey.HashesWithoutContrast(64).First();
        var plain = new DatasetKeys("plain", new FrameSize(8, 8), [.. Enumerable.Repeat(white, 150)], new ulong[150]);
        var grouped = new DatasetKeys("grouped", new FrameSize(8, 8), [.. Enumerable.Repeat(77UL, 50)], new ulong[50]);

        RowPlan plan = RowPlanner.Plan([plain, grouped], Nothing);
        RowPlanReport report = plan.Report();

        Assert.All(plain.GroupKeys, key => Assert.Equal(0UL, key));
        Assert.Equal(150, plan.Datasets[0].Components.Distinct().Count());
        Assert.Single(plan.Datasets[1].Components.Distinct());
        Assert.Equal((50, "group"), (report.LargestComponent, report.JoinedBy));
    }

    [Fact]
    public void A_component_of_which_less_than_half_fits_stays_in_training()
    {
        DatasetKeys keys = SplitExamples.Keys("a", [.. Enumerable.Range(1, 41).Select(i => (i, 1)), .. Enumerable.Range(100, 159).Select(i => (i, 0))]);

        RowPlan plan = RowPlanner.Plan([keys], Nothing);
        RowPlanReport report = plan.Report();

        Assert.All(plan.Sides("a").Take(41), side => Assert.Equal(RowSide.Training, side));
        Assert.Equal((20, 20), (plan.Count(RowSide.Validation), plan.Count(RowSide.Test)));
        Assert.Equal((41, "group"), (report.LargestComponent, report.JoinedBy));
    }

    [Fact]
    public void What_a_published_model_trained_on_stays_in_training_under_any_name()
    {
        RowPlan first = RowPlanner.Plan([SplitExamples.Singles("a", 1, 300)], Nothing);
        var trained = new TrainedKeys();
        trained.Add(first);

        // The same pictures again, each with a new picture in a group of two, and as many new ones.
        DatasetKeys again = SplitExamples.Keys("b", Enumerable.Range(1, 300).SelectMany(i => ((int, int)[])[(i, i), (1000 + i, i)]));
        RowPlan second = RowPlanner.Plan([again, SplitExamples.Singles("c", 5000, 300)], trained);

        for (int i = 0; i < 300; i++)
        {
            if (first.Sides("a")[i] == RowSide.Training)
                Assert.Equal((RowSide.Training, RowSide.Training), (second.Sides("b")[2 * i], second.Sides("b")[(2 * i) + 1]));
        }

        Assert.InRange(second.Count(RowSide.Test), 89, 91);
        Assert.InRange(second.Count(RowSide.Validation), 89, 91);
    }

    [Fact]
    public void Where_fewer_than_a_fifth_of_the_rows_are_free_both_sides_get_half_of_them()
    {
        var trained = new TrainedKeys();
        trained.Add(RowPlanner.Plan([SplitExamples.Singles("a", 1, 90)], Nothing));
        trained.Add(OldSplitRule.Plan([SplitExamples.Singles("a", 1, 900)], heldRowsOut: false));

        RowPlan plan = RowPlanner.Plan([SplitExamples.Singles("a", 1, 1000)], trained);

        Assert.Equal((900, 50, 50), (plan.Count(RowSide.Training), plan.Count(RowSide.Validation), plan.Count(RowSide.Test)));
    }

    [Theory]
    [InlineData(9, 0, 0)]
    [InlineData(12, 10, 2)]
    public void Fewer_than_ten_rows_never_validate(int free, int validation, int test)
    {
        var trained = new TrainedKeys();
        trained.Add(OldSplitRule.Plan([SplitExamples.Singles("a", 1, 200 - free)], heldRowsOut: false));

        RowPlan plan = RowPlanner.Plan([SplitExamples.Singles("a", 1, 200)], trained);

        Assert.Equal((validation, test), (plan.Count(RowSide.Validation), plan.Count(RowSide.Test)));
    }

    [Fact]
    public void With_a_file_for_validation_nothing_is_held_out_and_rows_that_share_with_it_are_left_out()
    {
        DatasetKeys data = SplitExamples.Keys("data", [.. Enumerable.Range(1, 300).Select(i => (i, i <= 6 ? 7 : 0))]);
        DatasetKeys file = SplitExamples.Keys("file", (1, 0), (300, 0), (1000, 0));

        RowPlan plan = RowPlanner.Plan([data], Nothing, validation: [file]);
        RowPlanReport report = plan.Report();

        Assert.All(plan.Sides("file"), side => Assert.Equal(RowSide.Validation, side));
        Assert.Equal(7, plan.Sides("data").Count(side => side == RowSide.SharesWithValidation));
        Assert.Equal((293, 3, 0, 7), (report.TrainingRows, report.ValidationRows, report.TestRows, report.LeftOutRows));
    }

    [Fact]
    public void A_file_that_shares_with_every_row_leaves_all_rows_in_training_and_the_report_warns()
    {
        RowPlan plan = RowPlanner.Plan([SplitExamples.Singles("data", 1, 12)], Nothing, validation: [SplitExamples.Singles("sorted", 1, 12)]);
        RowPlanReport report = plan.Report();

        Assert.Equal((12, 12, 0, 12), (report.TrainingRows, report.ValidationRows, report.LeftOutRows, report.SharedRows));
        Assert.Contains("say nothing about other pictures", report.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_file_for_the_test_only_validation_rows_are_held_out()
    {
        DatasetKeys file = SplitExamples.Singles("file", 290, 40);

        RowPlan plan = RowPlanner.Plan([SplitExamples.Singles("data", 1, 309)], Nothing, test: [file]);
        RowPlanReport report = plan.Report();

        Assert.All(plan.Sides("file"), side => Assert.Equal(RowSide.Test, side));
        Assert.Equal((261, 28, 40, 20), (report.TrainingRows, report.ValidationRows, report.TestRows, report.LeftOutRows));
        Assert.Equal(40, report.TestComponents);
    }

    [Fact]
    public void Rows_of_the_validation_file_that_share_with_the_test_file_are_left_out()
    {
        RowPlan plan = RowPlanner.Plan(
            [SplitExamples.Singles("data", 1, 100)], Nothing, [SplitExamples.Singles("validation", 200, 20)], [SplitExamples.Singles("test", 219, 20)]);

        Assert.Equal((100, 19, 20), (plan.Count(RowSide.Training), plan.Count(RowSide.Validation), plan.Count(RowSide.Test)));
        Assert.Equal(RowSide.SharesWithTest, plan.Sides("validation")[19]);
    }

    [Fact]
    public void A_test_row_stays_a_test_row_while_the_data_grow()
    {
        RowPlan small = RowPlanner.Plan([SplitExamples.Singles("a", 1, 2000)], Nothing);
        var trained = new TrainedKeys();
        trained.Add(small);

        RowPlan large = RowPlanner.Plan([SplitExamples.Singles("a", 1, 2000), SplitExamples.Singles("b", 10_000, 3000)], trained);

        int kept = small.Sides("a").Zip(large.Sides("a")).Count(sides => sides is (RowSide.Test, RowSide.Test));
        Assert.InRange(kept, 180, 200);
    }
}
