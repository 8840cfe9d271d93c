using System.IO.Compression;
using System.IO.Hashing;

namespace KeypointPipeline.Files;

/// <summary>The only CSV in a zip. Checks it against the checksum and size that the zip states.</summary>
internal sealed class ZipContent : CsvContent
{
    private readonly ZipArchive _archive;
    private readonly ZipArchiveEntry _entry;
    private readonly Stream _unpacked;
    private readonly SourceStream _source;
    private readonly string _zipName;
    private InflationGuard _guard;
    private readonly Crc32 _checksum = new();

    private ZipContent(string zipName, ZipArchive archive, ZipArchiveEntry entry, Stream unpacked, SourceStream source, SidecarFile? sidecar)
        : base(FileNames.OwnName(entry.FullName))
    {
        _zipName = zipName;
        _archive = archive;
        _entry = entry;
        _unpacked = unpacked;
        _source = source;
        _guard = new InflationGuard(zipName, source);
        Sidecar = sidecar;
    }

    /// <summary>Opens the zip's only CSV.</summary>
    /// <exception cref="RejectedFileException">The file is not a zip or is damaged, or it contains no CSV, several CSVs or an encrypted CSV.</exception>
    public static async Task<ZipContent> OpenAsync(string zipName, SourceStream source, CancellationToken cancellationToken)
    {
        ZipArchive archive = await ListAsync(zipName, source, cancellationToken);
        try
        {
            ZipArchiveEntry entry = OnlyCsv(zipName, archive);
            SidecarFile? sidecar = await ReadSidecarAsync(zipName, archive, entry, cancellationToken);
            Stream unpacked = await entry.OpenAsync(cancellationToken);
            return new ZipContent(zipName, archive, entry, unpacked, source, sidecar);
        }
        catch (Exception e)
        {
            await archive.DisposeAsync();
            if (source.IsDamage(e))
                throw Damaged(zipName, e);
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read;
        try
        {
            read = await _unpacked.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (_source.IsDamage(e))
        {
            throw Damaged(_zipName, e);
        }

        _checksum.Append(buffer.Span[..read]);
        _guard.Add(read);
        if (read == 0 && buffer.Length > 0 && (_guard.Unpacked != _entry.Length || _checksum.GetCurrentHashAsUInt32() != _entry.Crc32))
            throw Damaged(_zipName, innerException: null);
        return read;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _unpacked.DisposeAsync();
        await _archive.DisposeAsync();
    }

    private static async Task<ZipArchive> ListAsync(string zipName, SourceStream source, CancellationToken cancellationToken)
    {
        byte[] start = new byte[2];
        int read = await source.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        if (!start.AsSpan(0, read).SequenceEqual(FileMagic.Zip))
        {
            throw new RejectedFileException(
                read == 0 ? $"{zipName} is empty." : $"{zipName} is not a zip, although its name says so{FileMagic.Guess(start)}.");
        }

        source.Position = 0;
        source.LimitReads(
            PackedFileLimits.ZipDirectoryBytes,
            $"{zipName} lists too many files: one {FileNames.Csv} file is expected, and at most {PackedFileLimits.ZipEntries:N0} files in total.");
        try
        {
            ZipArchive archive = await ZipArchive.CreateAsync(
                source, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
            _ = archive.Entries; // The first access reads the directory and keeps it.
            return archive;
        }
        catch (Exception e) when (source.IsDamage(e))
        {
            throw Damaged(zipName, e);
        }
        finally
        {
            source.UnlimitReads();
        }
    }

    private static ZipArchiveEntry OnlyCsv(string zipName, ZipArchive archive)
    {
        if (archive.Entries.Count > PackedFileLimits.ZipEntries)
            throw new RejectedFileException($"{zipName} contains {archive.Entries.Count:N0} files: at most {PackedFileLimits.ZipEntries:N0} are allowed.");
        List<ZipArchiveEntry> files = [.. archive.Entries.Where(e => !FileNames.IsHidden(e.FullName))];
        List<ZipArchiveEntry> tables = [.. files.Where(e => FileNames.IsTableInZip(e.FullName))];
        if (tables.Count != 1)
        {
            string found = ShownText.List([.. (tables.Count == 0 ? files : tables).Select(e => FileNames.OwnName(e.FullName))]);
            throw new RejectedFileException(tables.Count == 0
                ? $"{zipName} contains no {FileNames.Csv} file ({(found.Length == 0 ? "it is empty" : found)}): one is expected."
                : $"{zipName} contains {tables.Count:N0} {FileNames.Csv} files ({found}): one is expected. Put each file into its own zip.");
        }

        return tables[0].IsEncrypted
            ? throw new RejectedFileException($"{zipName} is protected by a password: zip it again without one.")
            : tables[0];
    }

    /// <summary>Reads the zip's sidecar: at the root, or beside the CSV under either of its names.</summary>
    private static async Task<SidecarFile?> ReadSidecarAsync(
        string zipName, ZipArchive archive, ZipArchiveEntry table, CancellationToken cancellationToken)
    {
        string folder = table.FullName[..(table.FullName.LastIndexOfAny(['/', '\\']) + 1)];
        string[] names = [SidecarFile.NameInZip, folder + SidecarFile.NameInZip, table.FullName + SidecarFile.Ending];
        List<ZipArchiveEntry> found = [.. archive.Entries.Where(e => names.Contains(e.FullName, StringComparer.OrdinalIgnoreCase))];
        if (found.Count == 0)
            return null;
        if (found.Count > 1)
            throw new RejectedFileException($"{zipName} contains {ShownText.List([.. found.Select(e => e.FullName)])}: one of them is expected.");
        string name = $"{FileNames.OwnName(found[0].FullName)} in {zipName}";
        SidecarFile.ThrowIfTooLarge(name, found[0].Length);
        if (found[0].IsEncrypted)
            throw new RejectedFileException($"{zipName} is protected by a password: zip it again without one.");
        byte[] content = new byte[found[0].Length];
        await using Stream unpacked = await found[0].OpenAsync(cancellationToken);
        await unpacked.ReadExactlyAsync(content, cancellationToken);
        return new SidecarFile(name, content);
    }

    private static RejectedFileException Damaged(string zipName, Exception? innerException) => new(
        $"{zipName} is cut short or damaged"
        + $"{(innerException is null ? ": its checksum does not match" : $" ({innerException.Message.TrimEnd('.')})")}. Copy or zip it again.",
        innerException);
}
