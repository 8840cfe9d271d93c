namespace KeypointPipeline.Files;

/// <summary>Opens a source as CSV, gzip or zip, depending on the ending of its name.</summary>
internal static class CsvContentOpener
{
    /// <summary>Opens the CSV in a source. Disposing the result leaves the stream open.</summary>
    /// <exception cref="RejectedFileException">The name has no known ending, or a zip does not contain exactly one CSV.</exception>
    /// <exception cref="IOException">The stream's length differs from the source's length: the file changed or was copied only in part.</exception>
    /// <exception cref="ArgumentException">A zip's stream cannot seek.</exception>
    public static async Task<ReadAheadContent> OpenAsync(DatasetSource source, SourceStream stream, CancellationToken cancellationToken) =>
        new ReadAheadContent(await OpenFormatAsync(source, stream, cancellationToken));

    private static async Task<CsvContent> OpenFormatAsync(DatasetSource source, SourceStream stream, CancellationToken cancellationToken)
    {
        if (stream.CanSeek && source.Length is { } length && stream.Length != length)
            throw new IOException($"{source.Name}: {length:N0} bytes are expected, but {stream.Length:N0} can be read. Try again.");
        string name = FileNames.OwnName(source.Name);
        if (FileNames.IsTable(source.Name))
            return new PlainContent(name, stream);
        if (FileNames.IsGzippedTable(source.Name))
            return new GzipContent(name, stream);
        if (!FileNames.IsZip(source.Name))
            throw new RejectedFileException($"{name}: the name of a dataset must end in {FileNames.DatasetEndings}.{WhatToDo(name)}");
        if (!stream.CanSeek)
            throw new ArgumentException($"{source.Name}: a zip needs a stream that can seek.", nameof(source));
        return await ZipContent.OpenAsync(name, stream, cancellationToken);
    }

    /// <summary>R and spreadsheets name tables so, but so are texts that nobody means as data.</summary>
    private static string WhatToDo(string name) =>
        name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) ? $" If it is a table, rename it to {FileNames.Csv}." : string.Empty;
}
