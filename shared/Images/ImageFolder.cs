using System.Collections.ObjectModel;
using System.IO.Compression;
using System.IO.Hashing;
using KeypointPipeline.Files;

namespace KeypointPipeline.Images;

/// <summary>The images of a local folder and its subfolders, or of a zip archive, in order of name. Files that are clearly not
/// images are left out (<see cref="ImageNames.IsMeantAsImage"/>).</summary>
public sealed class ImageFolder : IDisposable
{
    private readonly ZipArchive? _archive;
    private readonly SemaphoreSlim _archiveInUse = new(1);
    private readonly Lazy<Dictionary<string, ImageSource>> _byName;

    private ImageFolder(ZipArchive? archive, IEnumerable<(string Name, Func<ImageFolder, CancellationToken, Task<Stream>> OpenAsync)> images)
    {
        _archive = archive;
        Images = [.. images.OrderBy(i => i.Name, StringComparer.Ordinal)
            .Select(i => new ImageSource(i.Name, cancellationToken => i.OpenAsync(this, cancellationToken)))];
        _byName = new(() => Images.ToDictionary(image => image.Name, StringComparer.Ordinal));
    }

    /// <summary>The images. They can be read until disposal.</summary>
    public IReadOnlyList<ImageSource> Images { get; }

    /// <summary>Returns the image with a name, or null if there is none.</summary>
    public ImageSource? Find(string name) => _byName.Value.GetValueOrDefault(name);

    /// <summary>Lists the images of a folder or a zip file.</summary>
    /// <param name="path">Path of the folder or zip file.</param>
    /// <exception cref="FileNotFoundException">There is no folder or file at that path.</exception>
    /// <exception cref="InvalidDataException">The file is not a readable zip archive.</exception>
    public static ImageFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            return OfFolder(path);
        if (File.Exists(path))
            return OfZip(path);
        throw new FileNotFoundException($"There is no folder or zip file at {path}.", path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _archive?.Dispose();
        _archiveInUse.Dispose();
    }

    private static ImageFolder OfFolder(string path) => new(null, Directory
        .EnumerateFiles(
            path, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.System })
        .Select(file => Path.GetRelativePath(path, file).Replace(Path.DirectorySeparatorChar, '/'))
        .Where(ImageNames.IsMeantAsImage)
        .Select(name => (name, new Func<ImageFolder, CancellationToken, Task<Stream>>(
            (_, _) => Task.FromResult<Stream>(OpenFile(Path.Combine(path, name)))))));

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageRejectedException($"The file cannot be opened: {e.Message}", e);
        }
    }

    private static ImageFolder OfZip(string path)
    {
        var source = new SourceStream(File.OpenRead(path), path, length: null);
        ZipArchive? archive = null;
        try
        {
            source.LimitReads(
                ImageZipLimits.ZipDirectoryBytes, $"it lists too many files; at most {ImageZipLimits.ZipEntries:N0} are allowed");
            archive = new ZipArchive(source, ZipArchiveMode.Read);
            CheckEntries(archive.Entries, source.Length);
            source.UnlimitReads();
            // If a name occurs twice, take the last entry, as unzipping does.
            return new ImageFolder(archive, archive.Entries
                .Where(e => ImageNames.IsMeantAsImage(e.FullName))
                .GroupBy(e => e.FullName, StringComparer.Ordinal)
                .Select(g => (g.Key, new Func<ImageFolder, CancellationToken, Task<Stream>>((folder, c) => folder.ExtractAsync(g.Last(), source, c)))));
        }
        catch (Exception e)
        {
            archive?.Dispose();
            source.Dispose();
            if (e is RejectedFileException || source.IsDamage(e))
                throw new InvalidDataException($"{path} is not a readable zip archive ({e.Message.TrimEnd('.')}).", e);
            throw;
        }
    }

    /// <summary>Refuses too many entries, and entries that overlap. Overlapping entries let a small zip unpack to petabytes.</summary>
    private static void CheckEntries(ReadOnlyCollection<ZipArchiveEntry> entries, long zipBytes)
    {
        if (entries.Count > ImageZipLimits.ZipEntries)
            throw new RejectedFileException($"it contains {entries.Count:N0} files; at most {ImageZipLimits.ZipEntries:N0} are allowed");
        long left = zipBytes;
        foreach (ZipArchiveEntry entry in entries)
        {
            if (entry.CompressedLength > left)
                throw new RejectedFileException("its files overlap or are longer than the zip: it is damaged or a zip bomb");
            left -= entry.CompressedLength;
        }
    }

    /// <summary>Unpacks an entry into memory, because an archive serves one reader at a time.</summary>
    private async Task<Stream> ExtractAsync(ZipArchiveEntry entry, SourceStream source, CancellationToken cancellationToken)
    {
        if (entry.IsEncrypted)
            throw new ImageRejectedException("The zip entry is protected by a password: zip it again without one.");
        int most = ImageLimits.Default.MaximumBytes;
        if (entry.Length > most)
            throw new ImageRejectedException($"The file has {entry.Length:N0} bytes; at most {most:N0} are read.");
        await _archiveInUse.WaitAsync(cancellationToken);
        try
        {
            await using Stream stream = await entry.OpenAsync(cancellationToken);
            ArraySegment<byte> file = await LimitedReader.ReadAsync(stream, most, cancellationToken);
            if (Crc32.HashToUInt32(file) != entry.Crc32)
                throw new ImageRejectedException("The zip entry is damaged: its checksum does not match.");
            return new MemoryStream(file.Array!, file.Offset, file.Count, writable: false);
        }
        catch (Exception e) when (source.IsDamage(e))
        {
            throw new ImageRejectedException($"The zip entry is damaged: {e.Message}", e);
        }
        finally
        {
            _archiveInUse.Release();
        }
    }
}
