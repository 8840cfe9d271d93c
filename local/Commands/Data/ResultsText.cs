using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Results;

namespace KeypointPipeline.Local.Commands.Data;

/// <summary>Says where the results of a batch are and how to open them.</summary>
internal static class ResultsText
{
    private static readonly (string Name, string What)[] Known =
    [
        (ResultFiles.Report, "open it in a browser"),
        (ResultFiles.Csv, "coordinates, a row for each face or other instance"),
        (ResultFiles.Coco, "the coordinates for labelling tools"),
        (ResultFiles.Errors, "images without keypoints, with the reasons"),
        (ResultFiles.LabelNext, "what to label next"),
    ];

    /// <summary>The lines about results in the host's storage.</summary>
    /// <param name="detail">The results.</param>
    /// <param name="address">Gets the address of a path on the host; null if it cannot be opened without a key.</param>
    public static IEnumerable<string> Stored(BatchDetail detail, Func<string, string?> address)
    {
        yield return Counts(detail);
        foreach ((string name, string what) in Found(detail))
        {
            if (address(ApiRoute.Of<ReadResult>().Path(detail.Batch.Batch, name)) is string url)
                yield return $"  {url}  {what}";
        }

        string batch = TerminalText.Of(detail.Batch.Batch);
        string quoted = batch.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? batch : $"\"{batch}\"";
        yield return $"  Download all {detail.Files.Count:N0} files: ./keypoints results {quoted} --out DIR";
        foreach (string note in Notes(detail))
            yield return note;
    }

    /// <summary>The lines about downloaded results.</summary>
    public static IEnumerable<string> Downloaded(BatchDetail detail, string folder)
    {
        yield return $"{Counts(detail)}. {detail.Files.Count:N0} files in {folder}:";
        foreach ((string name, string what) in Found(detail))
            yield return $"  {Path.Combine(folder, name)}  {what}";
        foreach (string note in Notes(detail))
            yield return note;
    }

    private static string Counts(BatchDetail detail) => TerminalText.Of(
        $"{detail.Batch.Batch}: {detail.Batch.Succeeded:N0} of {detail.Batch.Images:N0} images predicted by model {detail.Batch.ModelVersion}, "
        + $"{DatasetTable.Time(detail.Batch.FinishedAt)}");

    /// <summary>The file of failed images is not worth a line if there are none. Of a table in parts, the first part is named.</summary>
    private static IEnumerable<(string Name, string What)> Found(BatchDetail detail)
    {
        foreach ((string name, string what) in Known)
        {
            if (name == ResultFiles.Errors && detail.Batch.Failed == 0)
                continue;
            string first = ResultFiles.Part(name, 0);
            if (Has(name))
                yield return (name, what);
            else if (ResultFiles.IsTable(name) && Has(first))
                yield return (first, $"{what}; {ResultFiles.Summary} lists all parts");
        }

        bool Has(string name) => detail.Files.Any(file => file.Name == name);
    }

    private static IEnumerable<string> Notes(BatchDetail detail)
    {
        bool hasUncertainty = detail.Files.Any(file => file.Name == ResultFiles.LabelNext);
        foreach (string gap in detail.Gaps?.Describe(hasUncertainty) ?? [])
            yield return TerminalText.Of(gap);
        foreach (string note in detail.Notes ?? [])
            yield return TerminalText.Of(note);
        if (detail.Warning is string warning)
            yield return $"Warning: {warning}";
    }
}
