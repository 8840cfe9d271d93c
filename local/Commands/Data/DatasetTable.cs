using KeypointPipeline.Api;
using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands.Data;

/// <summary>Prints datasets and their reports.</summary>
internal static class DatasetTable
{
    private const int ProblemsShown = 20;

    /// <summary>Prints the datasets in force as a table, then what is withdrawn, rejected or not started.</summary>
    public static void Print(DatasetList list)
    {
        DatasetPathInfo[] inForce = [.. (list.Paths ?? []).Where(info => info.Withdrawn is null)];
        if (inForce.Length == 0)
            AnsiConsole.WriteLine("No dataset is in force. Drop labelled data: ./keypoints drop training.zip");
        else
            AnsiConsole.Write(Table(inForce, list.Datasets));
        foreach (string line in Lines(list))
            AnsiConsole.WriteLine(line);
    }

    /// <summary>Prints what happened to the rows of a dropped file.</summary>
    public static void Print(DatasetReport report)
    {
        foreach (string line in Lines(report))
            AnsiConsole.WriteLine(line);
    }

    /// <summary>Formats a time for people.</summary>
    public static string Time(DateTimeOffset? time) => time is DateTimeOffset known ? $"{known.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "";

    /// <summary>The lines below the table.</summary>
    internal static IEnumerable<string> Lines(DatasetList list)
    {
        if (list.Warning is string warning)
            yield return $"The next training will stop with an error: {warning}";
        foreach (DatasetPathInfo info in list.Paths ?? [])
        {
            if (info.Withdrawn is DatasetWithdrawal withdrawn)
                yield return $"withdrawn: {info.Path}, {Describe(withdrawn.Reason)}, {Time(withdrawn.At)}{Note(info)}";
            else if (info.Note is not null)
                yield return $"note: {info.Path}{Note(info)}";
        }

        foreach (string path in list.Rejected)
            yield return $"rejected: {path}; ./keypoints datasets report \"{path}\" says why";
        foreach (string path in list.Unstarted)
            yield return $"not started: {path}; rejected/{path}.unstarted.json says what to do";
    }

    /// <summary>The lines of a report.</summary>
    internal static IEnumerable<string> Lines(DatasetReport report)
    {
        yield return $"{report.Source}: {report.RowsAccepted:N0} of {report.RowsIn:N0} rows used, {report.CompleteRows:N0} of them complete; "
            + $"{report.RowsRejected:N0} bad, {report.Duplicates:N0} repeated, {report.Unlabelled:N0} without label, {report.Erased:N0} erased";
        if (report.Rejection is string rejection)
            yield return $"rejected: {rejection}";
        else if (report.DatasetId is string id)
            yield return $"dataset {id}, frame {report.Frame}";
        if (report.MirrorNote is string mirror)
            yield return $"  {mirror}";
        foreach (KeypointLabels labels in report.Labels)
            yield return $"  {labels.Keypoint}: {labels.Labels:N0} labels";
        foreach (string guess in report.Guessed)
            yield return $"  guessed: {guess}";
        foreach (string warning in report.Warnings)
            yield return $"  {warning}";
        foreach (RowProblem problem in report.Problems.Take(ProblemsShown))
            yield return $"  {problem.Message}";
        if (report.RowsRejected > Math.Min(report.Problems.Count, ProblemsShown))
            yield return $"  … of {report.RowsRejected:N0} bad rows; --json prints the first {DatasetLimits.ProblemsInDetail:N0}";
    }

    private static Table Table(DatasetPathInfo[] inForce, IReadOnlyList<DatasetManifest> datasets)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn(new TableColumn("path")).AddColumn(new TableColumn("rows").RightAligned())
            .AddColumn(new TableColumn("in force since").NoWrap()).AddColumns("labels", "report");
        foreach (DatasetPathInfo info in inForce)
        {
            DatasetManifest? dataset = datasets.FirstOrDefault(manifest => manifest.DatasetId == info.DatasetId);
            table.AddRow(
                Markup.Escape(info.Path),
                $"{info.Rows:N0}",
                Time(info.Since),
                dataset is null ? "" : $"{dataset.Schema.Count:N0} keypoints, {dataset.CompleteRows:N0} rows complete",
                $"reports/{info.DatasetId}.json");
        }

        return table;
    }

    private static string Note(DatasetPathInfo info) => info.Note is string note ? $": {note}" : "";

    private static string Describe(WithdrawalReason reason) => reason switch
    {
        WithdrawalReason.Deleted => "its file was deleted",
        WithdrawalReason.Lost => "its prepared copy is gone",
        WithdrawalReason.Erased => "erased",
        _ => "by `datasets remove`",
    };
}
