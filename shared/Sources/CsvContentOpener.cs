using KeypointPipeline.Files;

namespace KeypointPipeline.Sources;

/// <summary>Opens a source as CSV, gzip or zip, depending on the ending of its name.</summary>
internal static class CsvContentOpener
{
    /// <summary>Opens the CSV in a source. Disposing the result of a zip closes the stream.</summary>
    /// <exception cref="RejectedFileException">The name has no known ending, or a zip does not contain exactly one CSV.</exception>
    /// <exception cref="IOException">The stream's length differs from the source's length: the file changed or was copied only in part.</exception>
    /// <exception cref="ArgumentException">A zip's stream cannot seek.</exception>
    public static async Task<ReadAheadContent> OpenAsync(DatasetSource source, SourceStream stream, CancellationToken cancellationToken) =>
        new ReadAheadContent(await OpenFormatAsync(source, stream, cancellationToken));

    private static async Task<CsvContent> OpenFormatAsync(DatasetSource source, SourceStream stream, CancellationToken cancellationToken)
    {
        stream.ThrowIfOtherLength();
        string name = FileNames.OwnName(source.Name);
        if (FileNames.IsTable(source.Name))
            return new PlainContent(name, stream);
        if (FileNames.IsGzippedTable(source.Name))
            return new GzipContent(name, stream);
        if (!FileNames.IsZip(source.Name))
            throw new RejectedFileException($"{name}: the name of a dataset must end in {FileNames.DatasetEndings}.{WhatToDo(name)}");
        ZipFileSet zip = await ZipFileSet.OpenAsync(name, stream, cancellationToken);
        try
        {
            SetFile table = OnlyTable(zip);
            return await TableContent.OpenAsync(zip, table, await SetSidecar.FindAsync(zip, table, cancellationToken), cancellationToken);
        }
        catch
        {
            await zip.DisposeAsync();
            throw;
        }
    }

    /// <summary>R and spreadsheets name tables so, but so are texts that nobody means as data.</summary>
    private static string WhatToDo(string name) =>
        name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) ? $" If it is a table, rename it to {FileNames.Csv}." : string.Empty;

    private static SetFile OnlyTable(FileSet set)
    {
        SetFile[] tables = [.. set.Files.Where(file => FileNames.IsTableInZip(file.Path))];
        if (tables.Length == 1)
            return tables[0];
        string found = ShownText.List([.. (tables.Length == 0 ? set.Files : tables).Select(file => FileNames.OwnName(file.Path))]);
        throw new RejectedFileException(tables.Length == 0
            ? $"{set.Name} contains no {FileNames.Csv} file ({(found.Length == 0 ? "it is empty" : found)}): one is expected."
            : $"{set.Name} contains {tables.Length:N0} {FileNames.Csv} files ({found}): one is expected. Put each file into its own zip.");
    }
}
