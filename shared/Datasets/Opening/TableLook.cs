using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.PixelCsv;
using KeypointPipeline.Formats.PixelCsv.Headers;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>Reads the first rows of a table to find out what it holds.</summary>
internal static class TableLook
{
    private const int Rows = 8;

    /// <summary>Looks at a table.</summary>
    /// <param name="file">The table, or a zip with one table.</param>
    /// <param name="source">The same, as it is read.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>What it holds. A table that cannot be read is <see cref="TableKind.Other"/>.</returns>
    /// <exception cref="IOException">The table could not be read. Retry.</exception>
    public static async Task<SetTable> ReadAsync(SetFile file, DatasetSource source, CancellationToken cancellationToken)
    {
        try
        {
            string? problem = await OpenAsync(source, content => FindProblemAsync(content, cancellationToken), cancellationToken);
            return problem is null
                ? new SetTable(file, source, TableKind.Labelled)
                : await OpenAsync(source, content => ReadHeaderAsync(file, source, content, problem, cancellationToken), cancellationToken);
        }
        catch (RejectedFileException e)
        {
            return new SetTable(file, source, TableKind.Other, e.Message);
        }
    }

    /// <summary>Counts the rows of a table, good and bad.</summary>
    /// <exception cref="RejectedFileException">It cannot be read.</exception>
    /// <exception cref="IOException">Reading failed. Retry.</exception>
    public static Task<long> CountRowsAsync(DatasetSource source, CancellationToken cancellationToken) => OpenAsync(
        source,
        async content =>
        {
            using CsvTable table = await CsvTable.OpenAsync(content, cancellationToken);
            while (await table.ReadAsync(cancellationToken))
            {
            }

            return table.Row;
        },
        cancellationToken);

    /// <summary>Hashes the whole content of a table.</summary>
    /// <exception cref="RejectedFileException">It cannot be read.</exception>
    /// <exception cref="IOException">Reading failed. Retry.</exception>
    public static Task<UInt128> HashAsync(DatasetSource source, CancellationToken cancellationToken) => OpenAsync(
        source,
        async content =>
        {
            var hash = new XxHash128();
            while (await content.NextAsync(cancellationToken) is { } block)
            {
                hash.Append(block.Buffer.AsSpan(block.Start..block.End));
                ArrayPool<byte>.Shared.Return(block.Buffer);
            }

            return hash.GetCurrentHashAsUInt128();
        },
        cancellationToken);

    private static async Task<T> OpenAsync<T>(DatasetSource source, Func<ReadAheadContent, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var stream = new SourceStream(await source.OpenAsync(cancellationToken), source.Name, source.Length);
        await using ReadAheadContent content = await CsvContentOpener.OpenAsync(source, stream, cancellationToken);
        return await read(content);
    }

    /// <summary>Returns why a table has no labels with pixels, or null if it has.</summary>
    private static async Task<string?> FindProblemAsync(ReadAheadContent content, CancellationToken cancellationToken)
    {
        try
        {
            using DatasetReader rows = await DatasetReader.OpenAsync(
                content, statedFrame: null, statedGroup: null, new RowConventions(), images: null, cancellationToken);
            RowFault? fault = null;
            for (int read = 0; read < Rows && await rows.ReadAsync(cancellationToken); read++)
            {
                fault = rows.Fault;
                if (fault?.Kind != RowProblemKind.PixelValue)
                    return null;
            }

            // A column named image may also hold the names of files.
            return fault is null ? null : $"{content.FileName} row 1, column {fault.Column}: {fault.Text}.";
        }
        catch (RejectedFileException e)
        {
            return e.Message;
        }
    }

    private static async Task<SetTable> ReadHeaderAsync(
        SetFile file, DatasetSource source, ReadAheadContent content, string problem, CancellationToken cancellationToken)
    {
        using CsvTable table = await CsvTable.OpenAsync(content, cancellationToken);
        if (DatasetColumns.Read(table.Names, statedFrame: null, statedGroup: null, needsImage: true, out HeaderProblem? header) is null)
            problem = $"{content.FileName}: the header cannot be used: {header!.Text}.";
        var rows = new List<string[]>();
        while (rows.Count < ForeignTable.RowsNeeded && await table.ReadAsync(cancellationToken) && table.Fault is null)
            rows.Add([.. table.Names.Select((_, column) => Encoding.UTF8.GetString(table.Field(column)))]);
        return new SetTable(file, source, KindOf(table.Names), problem, ForeignTable.Recognise(table.Names, rows) ?? DescribePoints(rows));
    }

    /// <summary>Returns what a table is whose rows have the name of an image file and at least two numbers, or null.</summary>
    private static string? DescribePoints(List<string[]> rows) =>
        rows.Count > 0 && rows.TrueForAll(row =>
            Array.Exists(row, ForeignTable.IsImageName) && row.Count(field => double.TryParse(field, CultureInfo.InvariantCulture, out _)) > 1)
            ? "a table of points that names its pictures as files"
            : null;

    private static TableKind KindOf(IReadOnlyList<string> names)
    {
        return Has("ImageId", "Image") ? TableKind.KaggleTest
            : Has("RowId", "FeatureName") ? TableKind.KaggleLookup
            : Has("RowId", "Location") ? TableKind.KaggleSubmission
            : DatasetColumns.Read(names, statedFrame: null, statedGroup: null, needsImage: false, out _) is null ? TableKind.Other
            : TableKind.LabelsOnly;

        bool Has(params ReadOnlySpan<string> columns)
        {
            foreach (string column in columns)
            {
                if (!names.Contains(column, StringComparer.OrdinalIgnoreCase))
                    return false;
            }

            return true;
        }
    }
}
