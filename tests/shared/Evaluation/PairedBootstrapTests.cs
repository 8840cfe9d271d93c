using FsCheck.Xunit;
using KeypointPipeline.Evaluation;
using KeypointPipeline.Models;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Evaluation;

public sealed class PairedBootstrapTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    public void Seeds_of_one_recipe_that_differ_by_1_1_percent_on_few_people_are_luck(int one, int other)
    {
        int[] people = [.. Enumerable.Range(0, 675).Select(row => row % 14)];
        (RowError[] first, RowError[] second) = Simulated(people, one, other, ratio: 1);
        double now = Ratio(first, second);
        RowError[] better = Scaled(first, 0.989 / now);

        ErrorRatio ratio = PairedBootstrap.Compare(better, second)!;

        Assert.Equal(0.989, ratio.Value, 6);
        Assert.True(ratio.High > 1, $"{ratio}");
        Assert.True(ratio.Low < 0.989, $"{ratio}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_gain_of_ten_percent_on_300_rows_is_better(int seed)
    {
        (RowError[] candidate, RowError[] champion) = Simulated([.. Enumerable.Range(0, 300)], seed, seed + 10, ratio: 1);
        RowError[] better = Scaled(candidate, 0.9 / Ratio(candidate, champion));

        ErrorRatio ratio = PairedBootstrap.Compare(better, champion)!;

        Assert.Equal(0.9, ratio.Value, 6);
        Assert.InRange(ratio.High, 0.9, 0.999);
        Assert.InRange(ratio.Low, 0.8, 0.9);
    }

    /// <summary>Both bounds are one-sided at 95 %: each should be missed in one comparison of twenty.</summary>
    [Theory]
    [InlineData(12, 8)]
    [InlineData(60, 2)]
    public void The_bounds_contain_the_true_ratio_as_often_as_they_claim(int people, int rowsEach)
    {
        int[] components = [.. Enumerable.Range(0, people * rowsEach).Select(row => row % people)];
        const int Trials = 400;
        int above = 0;
        int below = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            (RowError[] candidate, RowError[] champion) = Simulated(components, (2 * trial) + 1, (2 * trial) + 2, ratio: 0.95);
            ErrorRatio ratio = PairedBootstrap.Compare(candidate, champion)!;
            above += ratio.Low > 0.95 ? 1 : 0;
            below += ratio.High < 0.95 ? 1 : 0;
        }

        Assert.InRange((double)above / Trials, 0.02, 0.085);
        Assert.InRange((double)below / Trials, 0.02, 0.085);
    }

    [Fact]
    public void Rows_of_one_person_count_as_one_observation()
    {
        (RowError[] candidate, RowError[] champion) = Simulated([.. Enumerable.Range(0, 20)], 1, 2, ratio: 1);
        RowError[] copiesOfCandidate = [.. Enumerable.Repeat(candidate, 30).SelectMany(rows => rows)];
        RowError[] copiesOfChampion = [.. Enumerable.Repeat(champion, 30).SelectMany(rows => rows)];

        ErrorRatio once = PairedBootstrap.Compare(candidate, champion)!;
        ErrorRatio often = PairedBootstrap.Compare(copiesOfCandidate, copiesOfChampion)!;

        Assert.Equal(once.Value, often.Value, 9);
        Assert.Equal(Math.Log(once.High / once.Low), Math.Log(often.High / often.Low), 0.1 * Math.Log(once.High / once.Low));
    }

    [Fact]
    public void The_same_errors_give_the_same_bounds_in_any_order_of_rows()
    {
        (RowError[] candidate, RowError[] champion) = Simulated([.. Enumerable.Range(0, 40)], 1, 2, ratio: 0.97);

        ErrorRatio forward = PairedBootstrap.Compare(candidate, champion)!;
        ErrorRatio backward = PairedBootstrap.Compare([.. candidate.Reverse()], [.. champion.Reverse()])!;

        Assert.Equal(forward, PairedBootstrap.Compare(candidate, champion));
        Assert.Equal(forward, backward);
    }

    [Fact]
    public void A_model_compared_with_itself_is_neither_better_nor_worse()
    {
        (RowError[] candidate, _) = Simulated([.. Enumerable.Range(0, 12)], 1, 2, ratio: 1);
        RowError[] perfect = [.. candidate.Select(row => row with { SquaredError = 0 })];

        Assert.Equal(new ErrorRatio(1, 1, 1), PairedBootstrap.Compare(candidate, candidate));
        Assert.Equal(new ErrorRatio(1, 1, 1), PairedBootstrap.Compare(perfect, perfect));
    }

    [Fact]
    public void Too_few_components_or_labels_give_no_bounds()
    {
        (RowError[] candidate, RowError[] champion) = Simulated([.. Enumerable.Range(0, 200).Select(row => row % 4)], 1, 2, ratio: 0.5);
        RowError[] unlabelled = [.. Enumerable.Range(0, 50).Select(component => new RowError(component, 0, 0))];

        Assert.Null(PairedBootstrap.Compare(candidate, champion));
        Assert.Null(PairedBootstrap.Compare(unlabelled, unlabelled));
        Assert.Null(PairedBootstrap.Compare([], []));
    }

    [Fact]
    public void Errors_of_other_rows_or_labels_are_refused()
    {
        RowError[] rows = [new(1, 2, 4), new(2, 2, 4)];

        Assert.Throws<ArgumentException>(() => PairedBootstrap.Compare(rows, rows[..1]));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Compare(rows, [rows[0], new(3, 2, 4)]));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Compare(rows, [rows[0], new(2, 2, 6)]));
    }

    [Property]
    public void Bounds_are_finite_and_enclose_the_ratio_whatever_the_errors(FsCheck.NonNegativeInt[] one, FsCheck.NonNegativeInt[] other)
    {
        int count = Math.Min(one.Length, other.Length);
        RowError[] candidate = [.. Enumerable.Range(0, count).Select(i => new RowError(i / 2, one[i].Get, 2))];
        RowError[] champion = [.. Enumerable.Range(0, count).Select(i => new RowError(i / 2, other[i].Get, 2))];

        if (PairedBootstrap.Compare(candidate, champion) is { } ratio)
        {
            Assert.InRange(ratio.Low, 1 / PairedBootstrap.FurthestBound / 1.001, PairedBootstrap.FurthestBound * 1.001);
            Assert.InRange(ratio.High, 1 / PairedBootstrap.FurthestBound / 1.001, PairedBootstrap.FurthestBound * 1.001);
            Assert.True(ratio.Low <= ratio.High, $"{ratio}");
        }
    }

    private static double Ratio(RowError[] candidate, RowError[] champion) =>
        Math.Sqrt(candidate.Sum(row => row.SquaredError) / champion.Sum(row => row.SquaredError));

    private static RowError[] Scaled(RowError[] rows, double factor) =>
        [.. rows.Select(row => row with { SquaredError = row.SquaredError * factor * factor })];

    /// <summary>Errors of two models: rows and people are easy or hard for both, and each model has strengths of its own.</summary>
    private static (RowError[] Candidate, RowError[] Champion) Simulated(int[] components, int seed, int otherSeed, double ratio)
    {
        var rows = new Random((1000 * seed) + otherSeed);
        var people = components.Distinct().ToDictionary(
            person => person, _ => (Hard: LogNormal(rows, 0.3), Candidate: LogNormal(rows, 0.15), Champion: LogNormal(rows, 0.15)));
        var candidate = new RowError[components.Length];
        var champion = new RowError[components.Length];
        for (int i = 0; i < components.Length; i++)
        {
            var person = people[components[i]];
            double difficulty = 60 * person.Hard * LogNormal(rows, 0.5);
            candidate[i] = new RowError(components[i], difficulty * person.Candidate * LogNormal(rows, 0.4) * ratio * ratio, 30);
            champion[i] = new RowError(components[i], difficulty * person.Champion * LogNormal(rows, 0.4), 30);
        }

        return (candidate, champion);
    }

    private static double LogNormal(Random random, double deviation) =>
        Math.Exp(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
