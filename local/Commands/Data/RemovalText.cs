using KeypointPipeline.Api;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands.Data;

/// <summary>Prints what a removal did and what remains.</summary>
internal static class RemovalText
{
    /// <summary>Prints the removal of datasets.</summary>
    /// <param name="removal">The host's answer.</param>
    /// <param name="what">What happened to the rows, for example <c>erased</c>.</param>
    public static void Print(DatasetRemoval removal, string what)
    {
        foreach (string line in Lines(removal, what))
            AnsiConsole.WriteLine(line);
    }

    /// <summary>Prints the removal of a batch.</summary>
    public static void Print(BatchRemoval removal)
    {
        foreach (string line in Lines(removal))
            AnsiConsole.WriteLine(line);
    }

    /// <summary>The lines of a removal of datasets.</summary>
    internal static IEnumerable<string> Lines(DatasetRemoval removal, string what)
    {
        if (removal.Datasets.Count == 0)
            yield return removal.Preview ? "No prepared row is affected." : "No prepared row was affected.";
        foreach (RemovedDataset dataset in removal.Datasets)
        {
            string rows = dataset.Rows is int known ? $"{known:N0} rows" : "rows unknown";
            string state = dataset.InForce ? "in force" : "not in force";
            string next = dataset.NewDatasetId is string id ? $"; the other rows are in {id}" : "";
            yield return $"{what}: {dataset.Path}, {rows} of {dataset.DatasetId} ({state}){next}";
        }

        foreach (string training in removal.StoppedTrainings)
            yield return $"stopped: {training}, because it used these rows. Train again: POST {ApiRoute.Prefix}retrain, or wait for the schedule";
        foreach (string note in removal.Notes)
            yield return note;
        foreach (string line in Lines(removal.Remains))
            yield return line;
    }

    /// <summary>The lines of a removal of a batch.</summary>
    internal static IEnumerable<string> Lines(BatchRemoval removal)
    {
        yield return $"removed: batch {removal.Batch}, {removal.Images:N0} blobs of images, {removal.Results:N0} of results";
        foreach (string instance in removal.StoppedInstances)
            yield return $"stopped: {instance}";
        foreach (string line in Lines(removal.Remains))
            yield return line;
    }

    private static IEnumerable<string> Lines(IReadOnlyList<RemainingCopy> remains) =>
        remains.Select(copy => $"remains: {copy.What}{(copy.Until is null ? "" : $" until {DatasetTable.Time(copy.Until)}")}. {copy.Note}");
}
