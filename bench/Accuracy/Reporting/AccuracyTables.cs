using System.Globalization;
using System.Text;

namespace KeypointPipeline.Bench.Accuracy.Reporting;

/// <summary>Writes the figures as Markdown.</summary>
internal static class AccuracyTables
{
    private const string Nothing = "–";

    /// <summary>Writes the whole report.</summary>
    public static string Write(AccuracySummary summary)
    {
        var text = new StringBuilder();
        text.AppendLine("# Accuracy").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{string.Join("; ", summary.Machines)}; {string.Join(", ", summary.Computing)}; trainer {string.Join(", ", summary.Code)}; last run {summary.LastRunAt:yyyy-MM-dd HH:mm} UTC.").AppendLine();
        text.AppendLine("```").AppendLine(summary.Command).AppendLine("```").AppendLine();
        text.AppendLine("RMSE over all labelled coordinates, pixels of the frame; NME: mean distance of the exported model by the distance between the eyes. Mean over seeds (lowest to highest). Seconds are those of an otherwise idle machine, without validation: an epoch of each entry was timed first, and a run has as many epochs as fit into its seconds. A run's model has the averaged weights of the measured epoch with the lowest validation error, as in the trainer. \"RMSE\" is measured on each image alone. \"mirrored\" averages the same weights over each image and its mirror image, as the default's exported model does. \"last\" is the error after the last epoch. \"×\" is the pioneer's mean squared error divided by the entry's, on each image alone.").AppendLine();
        AppendRow(text, "entry", "what", "rows", "seeds", "RMSE, px", "mirrored, px", "last, px", "NME", "×");
        AppendRow(text, "---", "---", "--:", "--:", "--:", "--:", "--:", "--:", "--:");
        foreach (EntrySummary e in summary.Entries)
        {
            AppendRow(
                text, e.Entry, e.Description, Number(e.TrainingRows), Number(e.Seeds), Range(e.Rmse, "0.000"), Range(e.MirroredRmse, "0.000"),
                Text(e.FinalRmse.Mean, "0.000"), e.Nme is null ? Nothing : Range(e.Nme, "0.00 %"), Text(e.SquaredErrorRatio, "0.00"));
        }

        AppendTimes(text, summary);
        text.AppendLine();
        AppendRow(text, "entry", "epochs", "seconds trained", "parameters", "ONNX, KB", "ms per image");
        AppendRow(text, "---", "--:", "--:", "--:", "--:", "--:");
        foreach (EntrySummary e in summary.Entries)
            AppendRow(text, e.Entry, Range(e.Epochs, "0"), Range(e.Seconds, "0.0"), Number(e.Parameters), Text(e.OnnxBytes / 1024.0, "N0"), Range(e.MillisecondsPerImage, "0.00"));
        AppendSmall(text, summary.Small);
        AppendTwoRules(text, summary.TwoRules);
        AppendTest(text, summary.Test);

        text.AppendLine().AppendLine("RMSE per keypoint, pixels of the frame, means over seeds:").AppendLine();
        AppendRow(text, ["keypoint", .. summary.Entries.Select(e => e.Entry)]);
        AppendRow(text, ["---", .. summary.Entries.Select(_ => "--:")]);
        foreach (string keypoint in summary.Entries.Count == 0 ? [] : summary.Entries[0].RmsePerKeypoint.Keys)
            AppendRow(text, [keypoint, .. summary.Entries.Select(e => Text(e.RmsePerKeypoint[keypoint], "0.00"))]);
        return text.ToString();
    }

    private static void AppendTimes(StringBuilder text, AccuracySummary summary)
    {
        text.AppendLine();
        if (summary.Targets.Count == 0)
        {
            text.AppendLine("The pioneer has not run, so there is no error to reach.");
            return;
        }

        text.AppendLine("Training seconds until an error is first reached on the validation rows, between two measurements along a straight line; in brackets, the share of the pioneer's seconds to the same error. The pioneer's best is the lowest error that each of its seeds reaches. The other errors are 1, 5 and 10 % higher.").AppendLine();
        AppendRow(text, ["entry", .. summary.Targets.Select(target => $"to {Text(target, "0.000")} px"), "images to the pioneer's best"]);
        AppendRow(text, ["---", .. summary.Targets.Select(_ => "--:"), "--:"]);
        foreach (EntrySummary e in summary.Entries)
            AppendRow(text, [e.Entry, .. e.Reached.Select(Time), Text(e.Reached[0]?.Images, "N0")]);
    }

    private static string Time(Reaching? reached) =>
        reached is null ? Nothing : $"{Range(reached.Seconds, "0.0")} [{Text(reached.ShareOfPioneer, "0 %")}]";

    private static void AppendSmall(StringBuilder text, IReadOnlyList<EntrySummary> entries)
    {
        if (entries.Count == 0)
            return;
        text.AppendLine().AppendLine("The default on few rows, which each run's seed draws, for the default length:").AppendLine();
        AppendRow(text, "rows", "seeds", "RMSE, px", "mirrored, px", "last, px", "epochs", "seconds trained");
        AppendRow(text, "--:", "--:", "--:", "--:", "--:", "--:", "--:");
        foreach (EntrySummary e in entries)
            AppendRow(text, Number(e.TrainingRows), Number(e.Seeds), Range(e.Rmse, "0.000"), Range(e.MirroredRmse, "0.000"), Text(e.FinalRmse.Mean, "0.000"), Range(e.Epochs, "0"), Range(e.Seconds, "0"));
    }

    private static void AppendTwoRules(StringBuilder text, IReadOnlyList<TwoRulesResult> results)
    {
        if (results.Count == 0)
            return;
        text.AppendLine().AppendLine("Two labelling rules: sparse rows label the nose and the bottom lip 4 px lower. Errors on the held-out rows, one line per seed:").AppendLine();
        AppendRow(text, "held-out rows", "reported, px", "true, px", "reported by true");
        AppendRow(text, "--:", "--:", "--:", "--:");
        foreach (TwoRulesResult r in results)
            AppendRow(text, Number(r.Rows), Text(r.ReportedRmse, "0.000"), Text(r.TrueRmse, "0.000"), Text(r.ReportedRmse / r.TrueRmse, "0.000"));
    }

    private static void AppendTest(StringBuilder text, IReadOnlyList<TestSummary> test)
    {
        if (test.Count == 0)
            return;
        text.AppendLine().AppendLine("Exported models on the test people. Nothing was chosen by these rows:").AppendLine();
        AppendRow(text, "entry", "rows", "seeds", "RMSE, px", "NME");
        AppendRow(text, "---", "--:", "--:", "--:", "--:");
        foreach (TestSummary e in test)
            AppendRow(text, e.Entry, Number(e.Images), Number(e.Seeds), Range(e.Rmse, "0.000"), e.Nme is null ? Nothing : Range(e.Nme, "0.00 %"));
    }

    private static void AppendRow(StringBuilder text, params IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");

    private static string Range(Spread spread, string format) => spread.Lowest == spread.Highest
        ? Text(spread.Mean, format)
        : $"{Text(spread.Mean, format)} ({Text(spread.Lowest, format)} to {Text(spread.Highest, format)})";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? Nothing;
}
