using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Splits;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Splits;

/// <summary>Random datasets, groups, repeated pictures and drops: no row, picture or group is ever on two sides.</summary>
public sealed class RowPlanProperties
{
    [Property(MaxTest = 300)]
    public void Nothing_that_a_plan_or_an_earlier_model_trained_on_is_measured_on(int seed)
    {
        var choice = new Random(seed);
        var trained = new TrainedKeys();
        var dropped = new List<DatasetKeys>();
        var learned = new HashSet<ulong>();
        for (int drop = 0; drop < 5; drop++)
        {
            dropped.Add(Draw($"ds-{drop}", choice));
            if (choice.Next(4) == 0)
                dropped.RemoveAt(choice.Next(dropped.Count));
            if (dropped.Count == 0)
                continue;
            RowPlan plan = RowPlanner.Plan(dropped, trained);

            HashSet<ulong> training = plan.KeysOn(RowSide.Training);
            HashSet<ulong> validation = plan.KeysOn(RowSide.Validation);
            HashSet<ulong> test = plan.KeysOn(RowSide.Test);
            Assert.Empty(training.Intersect(validation));
            Assert.Empty(training.Intersect(test));
            Assert.Empty(validation.Intersect(test));
            Assert.Empty(learned.Intersect(validation));
            Assert.Empty(learned.Intersect(test));
            if (choice.Next(2) == 0)
            {
                trained.Add(RowPlanFile.Read(RowPlanFile.Write(plan), "rows.bin"));
                learned.UnionWith(training);
            }
        }
    }

    [Property(MaxTest = 300)]
    public void Shares_hold_within_their_limits(int seed)
    {
        var choice = new Random(seed);
        DatasetKeys[] datasets = [.. Enumerable.Range(0, choice.Next(1, 4)).Select(i => Draw($"ds-{i}", choice))];
        RowPlan plan = RowPlanner.Plan(datasets, new TrainedKeys());

        int rows = datasets.Sum(dataset => dataset.Rows);
        int tenth = rows / 10;
        int validation = plan.Count(RowSide.Validation);
        int test = plan.Count(RowSide.Test);
        if (rows < 100)
        {
            Assert.Equal((0, 0), (validation, test));
            return;
        }

        // A component goes to a side if at least half of it fits, so that its other half may be too much.
        Assert.InRange(test, 0, 2 * tenth);
        Assert.InRange(validation, 0, 2 * tenth);
        int smallest = Sizes(plan, RowSide.Training).DefaultIfEmpty(int.MaxValue).Min();
        Assert.True(2 * (tenth - test) < smallest, $"{test} of {tenth} rows test, though a component of {smallest} rows is free");
        if (validation >= RowPlanner.FewestValidationRows)
            Assert.True(2 * (tenth - validation) < smallest, $"{validation} of {tenth} rows validate, though a component of {smallest} rows is free");
        else
            Assert.Equal(0, validation);
    }

    [Property(MaxTest = 100)]
    public void No_row_of_a_given_file_is_trained_on_unless_no_other_row_is_left_and_the_report_says_so(int seed)
    {
        var choice = new Random(seed);
        DatasetKeys data = Draw("data", choice);
        RowPlan plan = RowPlanner.Plan([data], new TrainedKeys(), [Draw("validation", choice)], choice.Next(2) == 0 ? null : [Draw("test", choice)]);

        bool sharesAll = plan.Report().SharedRows > 0;
        Assert.Equal(sharesAll, plan.KeysOn(RowSide.Training).Intersect(plan.KeysOn(RowSide.Validation, RowSide.Test)).Any());
        if (sharesAll)
            Assert.All(plan.Sides("data"), side => Assert.Equal(RowSide.Training, side));
        Assert.Empty(plan.KeysOn(RowSide.Validation).Intersect(plan.KeysOn(RowSide.Test)));
        Assert.DoesNotContain(RowSide.Validation, plan.Sides("data"));
    }

    [Property(MaxTest = 100)]
    public void The_order_of_rows_does_not_move_a_component(int seed)
    {
        var choice = new Random(seed);
        DatasetKeys keys = Draw("a", choice);
        int[] order = [.. Enumerable.Range(0, keys.Rows)];
        choice.Shuffle(order);
        var shuffled = new DatasetKeys(
            "a", new FrameSize(8, 8), [.. order.Select(row => keys.SplitKeys[row])], [.. order.Select(row => keys.ImageKeys[row])]);

        IReadOnlyList<RowSide> sides = RowPlanner.Plan([keys], new TrainedKeys()).Sides("a");
        IReadOnlyList<RowSide> moved = RowPlanner.Plan([shuffled], new TrainedKeys()).Sides("a");

        Assert.Equal(order.Select(row => sides[row]), moved);
    }

    /// <summary>Pictures and groups come from small stocks, so that they repeat within and between datasets.</summary>
    private static DatasetKeys Draw(string id, Random choice)
    {
        int pictures = choice.Next(1, 2000);
        int groups = choice.Next(1, 400);
        double grouped = choice.Next(3) switch { 0 => 0, 1 => 1, _ => choice.NextDouble() };
        return SplitExamples.Keys(id, Enumerable.Range(0, choice.Next(1, 400)).Select(_ =>
            (choice.Next(1, pictures + 1), choice.NextDouble() < grouped ? choice.Next(1, groups + 1) : 0)));
    }

    private static IEnumerable<int> Sizes(RowPlan plan, RowSide side) =>
        plan.RowsOn(side).GroupBy(row => row.Component).Select(component => component.Count());
}
