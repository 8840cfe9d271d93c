using System.CommandLine;
using KeypointPipeline.Api;
using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;
using KeypointPipeline.Local.Commands.Data;
using Xunit;

namespace KeypointPipeline.Local.Tests.Commands;

public sealed class RemoveDatasetCommandTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 26, 21, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("training.csv")]
    [InlineData("training.csv --erase --yes")]
    [InlineData("--group anna --path training.csv")]
    [InlineData("--group anna --everywhere --yes --json")]
    public void Each_way_to_remove_is_taken(string options)
    {
        Assert.Empty(Parse(options).Errors);
    }

    [Theory]
    [InlineData("", "Name the path to remove, or a group: --group NAME with --path PATH or --everywhere.")]
    [InlineData("--erase", "Name the path to remove, or a group: --group NAME with --path PATH or --everywhere.")]
    [InlineData("training.csv --group anna", "A path as argument removes the whole dataset. To erase one group in it, use --group NAME --path PATH.")]
    [InlineData("--group anna", "--group goes with either --path PATH or --everywhere.")]
    [InlineData("--group anna --path a.csv --everywhere", "--group goes with either --path PATH or --everywhere.")]
    [InlineData("a.csv --everywhere", "--path and --everywhere go with --group NAME.")]
    [InlineData("a.csv --path b.csv", "--path and --everywhere go with --group NAME.")]
    public void Options_that_do_not_go_together_say_which_do(string options, string expected)
    {
        Assert.Equal([expected], Parse(options).Errors.Select(error => error.Message));
    }

    [Fact]
    public void The_answer_lists_the_rows_what_was_stopped_and_what_remains()
    {
        var removal = new DatasetRemoval(
            Preview: false,
            [new RemovedDataset("a.csv", "ds-1", 1_234, InForce: true, "ds-2"), new RemovedDataset("a.csv", "ds-0", null, InForce: false)],
            ["train-x"],
            ["A note."],
            [new RemainingCopy("deleted blobs", At, "Soft delete keeps them."), new RemainingCopy("backups", null, "They are unknown.")]);

        Assert.Equal(
            [
                "erased: a.csv, 1,234 rows of ds-1 (in force); the other rows are in ds-2",
                "erased: a.csv, rows unknown of ds-0 (not in force)",
                "stopped: train-x, because it used these rows. Train again: POST /api/retrain, or wait for the schedule",
                "A note.",
                "remains: deleted blobs until 2026-11-26 21:30 UTC. Soft delete keeps them.",
                "remains: backups. They are unknown.",
            ],
            RemovalText.Lines(removal, "erased"));
    }

    [Fact]
    public void Below_the_table_are_withdrawn_rejected_and_unstarted_files()
    {
        var list = new DatasetList(
            [],
            ["bad.csv"],
            ["images/x.zip"],
            [
                new DatasetPathInfo("a.csv", "ds-1", 10, At),
                new DatasetPathInfo("b.csv", "ds-2", 10, At, new DatasetWithdrawal(WithdrawalReason.Deleted, At)),
                new DatasetPathInfo("c.csv", "ds-3", 10, At, Note: "its file is gone"),
            ],
            "2 of 3 files are gone.");

        Assert.Equal(
            [
                "The next training will stop with an error: 2 of 3 files are gone.",
                "withdrawn: b.csv, its file was deleted, 2026-11-26 21:30 UTC",
                "note: c.csv: its file is gone",
                "rejected: bad.csv; ./keypoints datasets report \"bad.csv\" says why",
                "not started: images/x.zip; rejected/images/x.zip.unstarted.json says what to do",
            ],
            DatasetTable.Lines(list));
    }

    [Fact]
    public void A_report_is_printed_with_its_counts_labels_and_problems()
    {
        var report = new DatasetReport
        {
            Source = "a.csv",
            File = "a.csv",
            DatasetId = "ds-1",
            RowsIn = 12,
            RowsAccepted = 9,
            RowsRejected = 2,
            Erased = 1,
            Labels = [new KeypointLabels("nose", 9)],
            Problems = [new RowProblem(3, null, "nose_x", RowProblemKind.NotANumber, "a.csv row 3: '4x' is not a number")],
            Warnings = ["A warning."],
            Guessed = ["Columns are separated by semicolons."],
        };

        string[] lines = [.. DatasetTable.Lines(report)];

        Assert.StartsWith("a.csv: 9 of 12 rows used", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("2 bad, 0 repeated, 0 without label, 1 erased", lines[0], StringComparison.Ordinal);
        Assert.Contains("  nose: 9 labels", lines);
        Assert.Contains("  A warning.", lines);
        Assert.Contains("  guessed: Columns are separated by semicolons.", lines);
        Assert.Contains("  a.csv row 3: '4x' is not a number", lines);
        Assert.StartsWith("  … of 2 bad rows", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_says_which_of_its_data_are_not_in_force_any_more()
    {
        var learned = new LearnedData(
            "v1",
            [
                new ModelDataset("ds-1", "a.csv", DatasetFate.InForce),
                new ModelDataset("ds-2", "b.csv", DatasetFate.Erased, At),
                new ModelDataset("ds-3", null, DatasetFate.Unknown),
            ]);

        Assert.Equal("a.csv; b.csv (erased 2026-11-26 21:30 UTC); ds-3 (no longer known)", ModelsCommand.DescribeData(learned));
    }

    private static ParseResult Parse(string options) => new RootCommand { DatasetsCommand.Create() }.Parse($"datasets remove {options}");
}
