using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Checks what the report of every dropped file promises.</summary>
internal static class ReportPromises
{
    private const int LongestReport = 1 << 20;

    /// <summary>Returns the first promise that an outcome breaks, or null.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="hasPictures">Whether the pictures are files. Rows are then those of the pictures' instances, which the format may call
    /// annotations or boxes.</param>
    public static string? WhatIsBroken(PreparationOutcome outcome, bool hasPictures)
    {
        DatasetReport report = outcome.Report;
        if (outcome.Accepted != report.Rejection is null || outcome.Accepted != report.DatasetId is not null)
            return "The file was both accepted and refused, or neither.";
        if (report.RowsIn != report.RowsAccepted + report.RowsRejected + report.Duplicates + report.Unlabelled)
            return $"{report.RowsIn} rows were read, but {report.RowsAccepted} + {report.RowsRejected} + {report.Duplicates} + {report.Unlabelled} were reported.";
        if (report.RejectedByKind.Sum(kind => kind.Rows) != report.RowsRejected)
            return "The kinds of bad rows do not add up to the number of bad rows.";
        if (report.Problems.Count != Math.Min(report.RowsRejected, DatasetLimits.ProblemsInDetail))
            return $"{report.Problems.Count} of {report.RowsRejected} bad rows are described.";
        string json = PipelineJson.Write(report);
        return json.Length > LongestReport
            ? $"The report has {json.Length:N0} characters."
            : (hasPictures ? WhatIsBrokenOfPictures(report) : WhatIsBroken(report)) ?? report.Warnings.Concat(report.Guessed).Select(FuzzVerdict.WhatIsWrongWith).FirstOrDefault(fault => fault is not null);
    }

    private static string? WhatIsBroken(DatasetReport report)
    {
        long earlier = 0;
        foreach (RowProblem problem in report.Problems)
        {
            if (problem.Row <= earlier || problem.Row > report.RowsIn)
                return $"Row {problem.Row} of {report.RowsIn} is reported after row {earlier}.";
            earlier = problem.Row;
            if (!problem.Message.StartsWith($"{report.File} row {problem.Row:N0}", StringComparison.Ordinal) || !problem.Message.Contains(": ", StringComparison.Ordinal))
                return $"A problem does not begin with file and row: {problem.Message}";
            bool isOfRow = problem.Kind is RowProblemKind.ColumnCount or RowProblemKind.RowLength or RowProblemKind.Quotes;
            if (problem.Column is null != isOfRow || (problem.Column is not null && !problem.Message.Contains($", column {problem.Column}: ", StringComparison.Ordinal)))
                return $"A problem does not name its column: {problem.Message}";
            if (FuzzVerdict.WhatIsWrongWith(problem.Message) is string fault)
                return fault;
        }

        return null;
    }

    private static string? WhatIsBrokenOfPictures(DatasetReport report)
    {
        foreach (RowProblem problem in report.Problems)
        {
            if (problem.Row < 1)
                return $"A problem is in row {problem.Row}: {problem.Message}";
            // Formats with a label file for each picture name that file, not the first one of the set.
            bool startsWithFile = problem.Message.StartsWith($"{report.File} ", StringComparison.Ordinal) || problem.Message.Split(' ')[0].Contains('.', StringComparison.Ordinal);
            if (!startsWithFile || !problem.Message.Contains(": ", StringComparison.Ordinal))
                return $"A problem does not begin with the file: {problem.Message}";
            if (problem.Column is not null && !problem.Message.Contains($", column {problem.Column}: ", StringComparison.Ordinal))
                return $"A problem does not name its column: {problem.Message}";
            if (FuzzVerdict.WhatIsWrongWith(problem.Message) is string fault)
                return fault;
        }

        return null;
    }
}
