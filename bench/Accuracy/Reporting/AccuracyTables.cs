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
        text.AppendLine("RMSE over all labelled coordinates, pixels of the frame; NME: mean distance by the distance between the eyes. Mean over seeds (lowest to highest). Seconds are those of an otherwise idle machine, without validation: an epoch of each entry was timed first, and a run has as many epochs as fit into its seconds. A run's model has the averaged weights of the measured epoch with the lowest validation error, as in the trainer, and is evaluated as the exported file. \"last\" is the error after the last epoch, measured in training: without the mirror image that some exported models also use. \"×\" is the pioneer's mean squared error divided by the entry's.").AppendLine();
        AppendRow(text, "entry", "what", "rows", "seeds", "RMSE, px", "last, px", "NME", "×");
        AppendRow(text, "---", "---", "--:", "--:", "--:", "--:", "--:", "--:");
        foreach (EntrySummary e in summary.Entries)
        {
            AppendRow(
                text, e.Entry, e.Description, Number(e.TrainingRows), Number(e.Seeds), Range(e.Rmse, "0.000"), e.FinalRmse.Mean.ToString("0.000", CultureInfo.InvariantCulture),
                e.Nme is null ? Nothing : Range(e.Nme, "0.00 %"), Text(e.SquaredErrorRatio, "0.00"));
        }

        text.AppendLine();
        text.AppendLine(summary.PioneersBest is double best
            ? string.Create(CultureInfo.InvariantCulture, $"Reaching the pioneer's best validation RMSE, {best:0.000} px (lowest on its curve, mean over seeds): the first measurement at or below it, means over seeds. For the pioneer: each seed's own best measurement.")
            : "The pioneer has not run, so there is no error to reach.").AppendLine();
        AppendRow(text, "entry", "seconds to reach", "images to reach", "seconds by the pioneer's", "epochs", "seconds trained", "parameters", "ONNX, KB", "ms per image");
        AppendRow(text, "---", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:");
        foreach (EntrySummary e in summary.Entries)
        {
            AppendRow(
                text, e.Entry, Text(e.ToPioneersBest?.Seconds, "0.0"), Text(e.ToPioneersBest?.Images, "N0"), Text(e.ToPioneersBest?.ShareOfPioneer, "0 %"),
                Range(e.Epochs, "0"), Range(e.Seconds, "0.0"), Number(e.Parameters), Text(e.OnnxBytes / 1024.0, "N0"), Range(e.MillisecondsPerImage, "0.00"));
        }

        text.AppendLine().AppendLine("RMSE per keypoint, pixels of the frame, means over seeds:").AppendLine();
        AppendRow(text, ["keypoint", .. summary.Entries.Select(e => e.Entry)]);
        AppendRow(text, ["---", .. summary.Entries.Select(_ => "--:")]);
        foreach (string keypoint in summary.Entries.Count == 0 ? [] : summary.Entries[0].RmsePerKeypoint.Keys)
            AppendRow(text, [keypoint, .. summary.Entries.Select(e => Text(e.RmsePerKeypoint[keypoint], "0.00"))]);
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, params IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");

    private static string Range(Spread spread, string format) => spread.Lowest == spread.Highest
        ? Text(spread.Mean, format)
        : $"{Text(spread.Mean, format)} ({Text(spread.Lowest, format)} to {Text(spread.Highest, format)})";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? Nothing;
}
