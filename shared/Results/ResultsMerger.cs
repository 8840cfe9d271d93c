using System.Buffers;
using System.Text;
using System.Text.Json;
using KeypointPipeline.Results.Report;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Results;

/// <summary>Merges a batch's chunks into its results. It uses constant memory, except for <see cref="LabelRanking"/>'s small record per
/// image. It can run twice: the files are replaced, summary last.</summary>
/// <param name="store">Receives the files of <see cref="ResultFiles"/>.</param>
/// <param name="time">The clock of the summary.</param>
public sealed class ResultsMerger(IResultStore store, TimeProvider time)
{
    /// <summary>Merges the chunks and writes all result files.</summary>
    /// <param name="run">How the results were made.</param>
    /// <param name="chunks">Opens each chunk that a <see cref="ChunkWriter"/> wrote, in the batch's order.</param>
    /// <param name="cancellationToken">Cancels between images.</param>
    /// <exception cref="InvalidDataException">A line of a chunk is not a result; the message names the line.</exception>
    public async Task<BatchSummary> MergeAsync(
        BatchRun run, IEnumerable<Func<CancellationToken, Task<Stream>>> chunks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(chunks);
        var report = new ReportContent();
        var ranking = new LabelRanking(run.Schema);
        await using StagedFile csv = store.Create(ResultFiles.Csv);
        await using StagedFile jsonLines = store.Create(ResultFiles.JsonLines);
        await using StagedFile errors = store.Create(ResultFiles.Errors);
        await WriteAsync(csv, KeypointsCsv.Header(run.Schema), cancellationToken);
        await WriteAsync(errors, KeypointsCsv.ErrorHeader, cancellationToken);
        var line = new ArrayBufferWriter<byte>();
        await foreach (ChunkLine image in ReadAsync(run, chunks, cancellationToken))
        {
            await WriteAsync(csv, KeypointsCsv.Row(image.Result, run.Schema), cancellationToken);
            KeypointsJsonLine.Write(line, image.Result, run.Schema);
            await jsonLines.Stream.WriteAsync(line.WrittenMemory, cancellationToken);
            line.ResetWrittenCount();
            if (!image.Result.Succeeded)
                await WriteAsync(errors, KeypointsCsv.ErrorRow(image.Result), cancellationToken);
            report.Add(image);
            ranking.Add(image.Result);
        }

        foreach (StagedFile file in (StagedFile[])[csv, jsonLines, errors])
            await file.CommitAsync(cancellationToken);
        IReadOnlyList<UncertainImage> labelNext = ranking.LeastCertainFirst();
        await WriteLabelNextAsync(labelNext, cancellationToken);
        BatchSummary summary = Summarise(run, report);
        await store.WriteAsync(ResultFiles.Report, Encoding.UTF8.GetBytes(ReportPage.Create(summary, report, labelNext)), cancellationToken);
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

        await using StagedFile file = store.Create(ResultFiles.LabelNext);
        await WriteAsync(file, KeypointsCsv.LabelNextHeader, cancellationToken);
        foreach (UncertainImage image in labelNext)
            await WriteAsync(file, KeypointsCsv.LabelNextRow(image), cancellationToken);
        await file.CommitAsync(cancellationToken);
    }

    private BatchSummary Summarise(BatchRun run, ReportContent report)
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
            run.PassedOver);
    }

    private static async IAsyncEnumerable<ChunkLine> ReadAsync(
        BatchRun run,
        IEnumerable<Func<CancellationToken, Task<Stream>>> chunks,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int chunk = 0;
        foreach (Func<CancellationToken, Task<Stream>> open in chunks)
        {
            await using Stream stream = await open(cancellationToken);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            for (int line = 1; await reader.ReadLineAsync(cancellationToken) is string text; line++)
                yield return Parse(run, text, chunk, line);
            chunk++;
        }
    }

    private static ChunkLine Parse(BatchRun run, string text, int chunk, int line)
    {
        string place = $"Chunk {chunk} of batch '{run.Batch}', line {line}";
        try
        {
            var parsed = PipelineJson.Read<ChunkLine>(text);
            if (parsed.Result?.Image is null)
                throw new InvalidDataException($"{place} names no image. Run the chunk again.");
            int? coordinates = parsed.Result.Keypoints?.Count;
            if (parsed.Result.Succeeded ? coordinates != run.Schema.Count * 2 : coordinates is not null)
                throw new InvalidDataException($"{place}: {coordinates ?? 0} coordinates do not fit a model with {run.Schema}.");
            if (parsed.Result.Uncertainty is { } lengths && lengths.Count != (parsed.Result.Succeeded ? run.Schema.Count : 0))
                throw new InvalidDataException($"{place}: {lengths.Count} uncertainties do not fit a model with {run.Schema}.");
            return parsed;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{place} is not a result: {e.Message} Run the chunk again.", e);
        }
    }

    private static ValueTask WriteAsync(StagedFile file, string text, CancellationToken cancellationToken) =>
        file.Stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
}
