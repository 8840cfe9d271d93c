namespace KeypointPipeline.Files;

/// <summary>Opens a source as the format that its name says.</summary>
internal static class CsvContentOpener
{
    /// <summary>Opens the CSV in a source; disposing it leaves the stream open.</summary>
    /// <exception cref="RejectedFileException">The name says no known format, or a zip is not one with one CSV.</exception>
    /// <exception cref="IOException">The stream's length is not the source's: it changed or was copied in part.</exception>
    /// <exception cref="ArgumentException">A zip's stream cannot seek.</exception>
    public static async Task<ReadAheadContent> OpenAsync(DatasetSource source, SourceStream stream, CancellationToken cancellationToken) =>
        new ReadAheadContent(await OpenFormatAsync(source, stream, cancellationToken));

    private static async Task<CsvContent> OpenFormatAsync(DatasetSource source, SourceStream stream, CancellationToken cancellationToken)
    {
        if (stream.CanSeek && source.Length is { } length && stream.Length != length)
            throw new IOException($"{source.Name}: {stream.Length:N0} bytes can be read, {length:N0} are expected. Try again.");
        string name = FileNames.OwnName(source.Name);
        if (FileNames.IsCsv(source.Name))
            return new PlainContent(name, stream);
        if (source.Name.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase))
            return new GzipContent(name, stream);
        if (!source.Name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            throw new RejectedFileException($"{name}: a dataset's name ends in .csv, .csv.gz or .zip.");
        if (!stream.CanSeek)
            throw new ArgumentException($"{source.Name}: a zip needs a stream that can seek.", nameof(source));
        return await ZipContent.OpenAsync(name, stream, cancellationToken);
    }
}
