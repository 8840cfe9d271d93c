using System.Text.Json;
using System.Text.Json.Serialization;
using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Formats;
using KeypointPipeline.Local.Downloads;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Serialization;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Local.Commands.Data;

/// <summary>What a watched drop gave, and where it is.</summary>
/// <param name="Report">The file or address of the report; null if there is none, or if its address needs a key.</param>
/// <param name="Folder">The folder with the downloaded files; null if nothing was downloaded.</param>
/// <param name="Files">Names of the downloaded files.</param>
/// <param name="Lines">The same for people.</param>
internal sealed record DropEnding(string? Report, string? Folder, IReadOnlyList<string> Files, [property: JsonIgnore] IReadOnlyList<string> Lines)
{
    private const string ReportFile = "report.json";

    /// <summary>Finds what an ended drop gave, and downloads it if a folder is named: the results of a batch, or the report of a dataset
    /// and the model that it was trained to.</summary>
    /// <param name="host">The host.</param>
    /// <param name="drop">How the drop ended.</param>
    /// <param name="folder">The folder to download to; null to download nothing.</param>
    /// <param name="asJson">Whether the command prints JSON. Then it shows no progress.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <returns>Null if the drop gave neither results nor a report.</returns>
    /// <exception cref="DownloadException">A file in the folder is in the way.</exception>
    public static async Task<DropEnding?> FetchAsync(
        RunningHost host, DropReport drop, string? folder, bool asJson, CancellationToken cancellationToken)
    {
        // What is in storage may come from newer content that took the drop's place.
        if (drop.Instance is not { RuntimeStatus: WorkflowRuntimeStatus.Completed } ended
            || (!drop.Succeeded && drop.Reason != InstanceOutcome.Of(ended).Reason))
            return null;
        return drop.Kind == DroppedKind.Batch
            ? await FetchBatchAsync(host, drop.Name, folder, asJson, cancellationToken)
            : await FetchDatasetAsync(host, drop.Name, InstanceText.Read<IngestDatasetOutput>(ended.Output), folder, asJson, cancellationToken);
    }

    private static async Task<DropEnding?> FetchBatchAsync(
        RunningHost host, string batch, string? folder, bool asJson, CancellationToken cancellationToken)
    {
        if (await host.FindBatchAsync(batch, cancellationToken) is not { Batch.FinishedAt: not null } detail)
            return null;
        if (folder is null)
            return new DropEnding(host.Address(ApiRoute.Of<ReadResult>().Path(batch, ResultFiles.Report)), null, [], [.. ResultsText.Stored(detail, host.Address)]);
        await DownloadBar.RunAsync("downloading", asJson, async progress =>
            detail = await BatchDownload.RunAsync(host, batch, folder, progress, cancellationToken));
        return new DropEnding(
            Path.Combine(folder, ResultFiles.Report), folder, [.. detail.Files.Select(file => file.Name)], [.. ResultsText.Downloaded(detail, folder)]);
    }

    private static async Task<DropEnding?> FetchDatasetAsync(
        RunningHost host, string path, IngestDatasetOutput? output, string? folder, bool asJson, CancellationToken cancellationToken)
    {
        DatasetReport? report = output?.DatasetId is string id ? await host.FindReportAsync(id, cancellationToken) : null;
        report ??= (await host.FindDatasetAsync(path, cancellationToken))?.Report;
        if (report is null)
            return null;
        string? address = report.DatasetId is string known ? host.Address(ApiRoute.Of<ReadReport>().Path(known)) : null;
        var lines = new List<string>
        {
            $"{TerminalText.Of(path)}: {report.RowsAccepted:N0} of {report.RowsIn:N0} rows used, {report.RowsRejected:N0} bad rows skipped",
            $"  Report: ./keypoints datasets report \"{TerminalText.Of(path)}\"{(address is null ? "" : $", or {address}")}",
        };
        lines.InsertRange(1, report.Guessed.Select(guess => $"  Guessed: {TerminalText.Of(guess)}"));
        lines.AddRange(Training(output?.Training));
        if (folder is null)
            return new DropEnding(address, null, [], lines);

        IReadOnlyList<Download> files = [ReportDownload(report), .. await ModelAsync(host, output?.Training?.Version, cancellationToken)];
        await DownloadBar.RunAsync("downloading", asJson, progress =>
            new DownloadFolder(folder, "model").ReplaceAsync(files, progress, cancellationToken));
        lines.AddRange(files.Select(file => $"  {Path.Combine(folder, file.Name)}"));
        return new DropEnding(Path.Combine(folder, ReportFile), folder, [.. files.Select(file => file.Name)], lines);
    }

    /// <summary>The lines about the training that a dataset started.</summary>
    internal static IEnumerable<string> Training(TrainModelOutput? training)
    {
        if (training is null)
            yield break;
        if (training.Version is not string version)
        {
            yield return $"  No training: {training.Reason}";
            yield break;
        }

        yield return $"  Trained model {version}, {training.Evaluation?.DescribeCandidate() ?? "not measured"}. "
            + (training.Promoted ? "It is the champion; " : "It did not become the champion; ") + training.Reason;
        if (training.Rows is not null)
            yield return $"  {training.Rows}";
        yield return $"  Download it: ./keypoints models download {version} --out DIR";
    }

    private static Download ReportDownload(DatasetReport report)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(report, PipelineJson.Indented);
        return new Download(ReportFile, json.Length, _ => Task.FromResult<Stream>(new MemoryStream(json)));
    }

    private static async Task<IReadOnlyList<Download>> ModelAsync(RunningHost host, string? version, CancellationToken cancellationToken)
    {
        if (version is null)
            return [];
        ModelManifest? manifest = (await host.ListModelsAsync(cancellationToken)).Models.FirstOrDefault(model => model.Version == version);
        return manifest is null ? [] : DownloadModelCommand.Files(host, manifest);
    }
}
