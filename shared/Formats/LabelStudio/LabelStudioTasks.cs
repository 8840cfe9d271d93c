using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Json;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.LabelStudio;

/// <summary>Reads the tasks of a file, streaming. Annotations of one task that follow each other, as in JSON-MIN and CSV, are one task: the
/// newest counts.</summary>
internal static class LabelStudioTasks
{
    /// <summary>What messages call a task of a file.</summary>
    public static string WordFor(SetFile file) => IsTable(file) ? "row" : "task";

    /// <summary>Reads the tasks from the start of a file.</summary>
    /// <param name="set">The set.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">The file cannot be read on.</exception>
    public static async IAsyncEnumerable<LabelStudioTask> ReadAsync(FileSet set, SetFile file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LabelStudioTask? held = null;
        await foreach (LabelStudioTask task in IsTable(file) ? ReadTableAsync(set, file, cancellationToken) : ReadJsonAsync(set, file, cancellationToken))
        {
            if (held is not null && held.IsSameAs(task))
            {
                held = held.OrNewer(task);
                continue;
            }

            if (held is not null)
                yield return held;
            held = task;
        }

        if (held is not null)
            yield return held;
    }

    private static bool IsTable(SetFile file) => FileNames.IsTable(file.Path) || FileNames.IsGzippedTable(file.Path);

    private static async IAsyncEnumerable<LabelStudioTask> ReadJsonAsync(
        FileSet set, SetFile file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream stream = await NamedFile.Of(set, file).OpenAsync(cancellationToken);
        await foreach (JsonPiece piece in new JsonElements(stream, FileNames.OwnName(file.Path)).ReadAsync(cancellationToken))
        {
            using JsonDocument task = piece.Parse();
            yield return LabelStudioTask.Read(task.RootElement, piece.Number);
        }
    }

    private static async IAsyncEnumerable<LabelStudioTask> ReadTableAsync(
        FileSet set, SetFile file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using LabelTable table = await LabelTable.OpenAsync(set, file, cancellationToken);
        while (await table.Rows.ReadAsync(cancellationToken))
            yield return Read(table.Rows);
    }

    private static LabelStudioTask Read(CsvTable row)
    {
        var task = new LabelStudioTask(row.Row);
        if (row.Fault is { } fault)
        {
            task.Fault = row.WithCause(fault);
            return task;
        }

        for (int column = 0; column < row.Names.Count; column++)
        {
            ReadOnlySpan<byte> field = row.Text(column).Trim(" \t"u8);
            if (!field.StartsWith((byte)'['))
                task.AddText(row.Names[column], Encoding.UTF8.GetString(field));
            else if (!TryAdd(task, row.Names[column], field.ToArray()))
                task.Fault = new RowFault(RowProblemKind.Label, row.Names[column], "the cell is not valid JSON, or was cut off");
        }

        return task;
    }

    private static bool TryAdd(LabelStudioTask task, string name, byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            task.Add(name, document.RootElement, hasRegions: true);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
