using System.Buffers;
using System.Text;
using System.Text.Json;
using KeypointPipeline.Finding;
using KeypointPipeline.Inference.Places;
using KeypointPipeline.Results.Report;
using KeypointPipeline.Results.Tables;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Results;

/// <summary>Merges a batch's chunks into its results: first the tables, part by part, then the other files. It uses constant memory. It can
/// run twice: the files are replaced, summary last.</summary>
/// <param name="store">Receives the files of <see cref="ResultFiles"/>.</param>
/// <param name="time">The clock of the summary.</param>
public sealed class ResultsMerger(IResultStore store, TimeProvider time)
{
    /// <summary>Merges the chunks of a batch that has one set of tables, and writes all result files.</summary>
    /// <param name="run">How the results were made.</param>
    /// <param name="chunks">Opens each chunk that a <see cref="ChunkWriter"/> wrote, in the batch's order.</param>
    /// <param name="cancellationToken">Cancels between images.</param>
    /// <exception cref="InvalidDataException">A line of a chunk is not a result; the message names the line.</exception>
    public async Task<BatchSummary> MergeAsync(
        BatchRun run, IEnumerable<Func<CancellationToken, Task<Stream>>> chunks, CancellationToken cancellationToken)
    {
        ResultPart whole = await MergePartAsync(run, number: null, chunks, cancellationToken);
        return await FinishAsync(run, new[] { whole }.ToAsyncEnumerable(), cancellationToken);
    }

    /// <summary>Merges the chunks of a part and writes its tables.</summary>
    /// <param name="run">How the results were made.</param>
    /// <param name="number">The part's number, from 0; null if the batch has one set of tables.</param>
    /// <param name="chunks">Opens each chunk of the part, in the batch's order.</param>
    /// <param name="cancellationToken">Cancels between images.</param>
    /// <exception cref="InvalidDataException">A line of a chunk is not a result; the message names the line.</exception>
    internal async Task<ResultPart> MergePartAsync(
        BatchRun run, int? number, IEnumerable<Func<CancellationToken, Task<Stream>>> chunks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(chunks);
        var report = new ReportContent();
        var ranking = new LabelRanking(run.Schema);
        await using var tables = new PartTables(store, run, number);
        foreach ((int chunk, Func<CancellationToken, Task<Stream>> open) in chunks.Index())
        {
            string place = $"Chunk {chunk} of batch '{run.Batch}'" + (number is null ? "" : $", part {number}");
            await using Stream stream = await open(cancellationToken);
            var lines = new ChunkLines(stream, run.Schema, place);
            while (await lines.ReadAsync(cancellationToken) is ChunkLine image)
            {
                await tables.AddAsync(image.Result, cancellationToken);
                report.Add(image);
                ranking.Add(image.Result);
            }
        }

        await tables.CommitAsync(cancellationToken);
        return report.ToPart(number, ranking);
    }

    /// <summary>Writes the files that a batch has once, after the tables of all its parts.</summary>
    /// <param name="run">How the results were made.</param>
    /// <param name="parts">All parts, in order. Only one is in memory at a time.</param>
    /// <param name="cancellationToken">Cancels between parts.</param>
    internal async Task<BatchSummary> FinishAsync(BatchRun run, IAsyncEnumerable<ResultPart> parts, CancellationToken cancellationToken)
    {
        var report = new ReportContent();
        var ranking = new LabelRanking(run.Schema);
        var tables = new List<ResultTables>();
        await foreach (ResultPart part in parts.WithCancellation(cancellationToken))
        {
            report.Add(part);
            ranking.Add(part.LeastCertain, part.Ranked);
            if (part.Tables is { } own)
                tables.Add(own);
        }

        IReadOnlyList<UncertainImage> labelNext = ranking.LeastCertainFirst();
        await WriteLabelNextAsync(labelNext, cancellationToken);
        BatchSummary summary = Summarise(run, report, tables);
        await store.WriteAsync(ResultFiles.Report, Encoding.UTF8.GetBytes(ReportPage.Create(summary, report, labelNext, ranking.Images)), cancellationToken);
        await store.WriteAsync(
            ResultFiles.Summary, JsonSerializer.SerializeToUtf8Bytes(summary, PipelineJson.Indented), cancellationToken);
        return summary;
    }

    /// <summary>If there is nothing to rank, the file of an earlier model must not stay.</summary>
    private async Task WriteLabelNextAsync(IReadOnlyList<UncertainImage> labelNext, CancellationToken cancellationToken)
    {
        if (labelNext.Count == 0)
        {
            await store.DeleteAsync(ResultFiles.LabelNext, cancellationToken);
            return;
        }

        var rows = new ArrayBufferWriter<byte>();
        KeypointsCsv.Write(rows, KeypointsCsv.LabelNextHeader);
        foreach (UncertainImage image in labelNext)
            KeypointsCsv.Write(rows, KeypointsCsv.LabelNextRow(image));
        await store.WriteAsync(ResultFiles.LabelNext, rows.WrittenMemory, cancellationToken);
    }

    private BatchSummary Summarise(BatchRun run, ReportContent report, List<ResultTables> tables)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new BatchSummary(
            run.Batch,
            run.ModelVersion,
            report.Succeeded + report.Failed,
            report.Succeeded,
            report.Failed,
            report.Overlays,
            run.StartedAt,
            now,
            Math.Round((now - run.StartedAt).TotalSeconds, 3),
            run.Schema,
            run.Gaps,
            run.PassedOver,
            tables.Count == 0 ? null : tables)
        {
            Instances = report.Instances,
            WithoutPlace = report.WithoutPlace == 0 ? null : report.WithoutPlace,
            WithoutFace = report.WithoutFace == 0 ? null : report.WithoutFace,
            Doubtful = report.Doubtful == 0 ? null : report.Doubtful,
            Notes = Notes(run, report) is { Length: > 0 } notes ? notes : null,
        };
    }

    private static string[] Notes(BatchRun run, ReportContent report)
    {
        int images = report.Succeeded + report.Failed;
        int failedInstances = report.FailedResults - report.Failed;
        return
        [
            .. report.WithoutPlace == 0 ? (string[])[] : [DescribeWhole(run, report.WithoutPlace, images)],
            .. report.WithoutFace == 0 ? (string[])[] :
            [
                $"No face was found in {report.WithoutFace:N0} of {images:N0} images (status '{KeypointsCsv.WithoutFace}'). They have no keypoints and count as failed.",
            ],
            .. report.Doubtful == 0 ? (string[])[] :
            [
                $"{report.Doubtful:N0} of {report.Instances:N0} predicted instances are doubtful (status '{KeypointsCsv.Doubtful}'): the model is too uncertain, and the points may be wrong.",
            ],
            .. failedInstances == 0 ? (string[])[] : [$"{failedInstances:N0} single instances could not be predicted; {ResultFiles.Errors} says why."],
            .. run.Notes,
        ];
    }

    private static string DescribeWhole(BatchRun run, int whole, int images) => (run.Finder, run.HasGate) switch
    {
        (FinderKind.Faces, true) => $"No face was found in {whole:N0} of {images:N0} images, but the model takes the whole image for one "
            + $"(status '{KeypointsCsv.Whole}'). The points may be wrong.",
        (FinderKind.Faces, false) => $"No face was found in {whole:N0} of {images:N0} images. The whole images were used (status '{KeypointsCsv.Whole}'), and the points "
            + "may be wrong: the model has no gate, so nothing checked whether they show a face. Train it again with this version to get one.",
        _ => $"Nothing says where the instances are in {whole:N0} of {images:N0} images. The whole images were used (status '{KeypointsCsv.Whole}'), and the points "
            + $"may be wrong. Add {BoxFile.Name} with the columns image, box_x, box_y, box_width and box_height to the images.",
    };
}
