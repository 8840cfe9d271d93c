using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Sources.Zips;

namespace KeypointPipeline.Sources;

/// <summary>The files of a zip on any stream that can seek: a local file, or a blob read by ranges.</summary>
/// <remarks>The list of files is read once, within <see cref="ZipLimits"/>. Files are unpacked as they are read, and several can be read at
/// once. Reading a file to its end checks its size and checksum. <see cref="ZipNames"/> decodes the names.</remarks>
public sealed class ZipFileSet : FileSet
{
    private readonly ZipSource _source;
    private readonly Dictionary<string, SetFile> _byEarlierName;

    private ZipFileSet(string name, ZipSource source, IEnumerable<SetFile> files, Dictionary<string, SetFile> byEarlierName)
        : base(name, files)
    {
        _source = source;
        _byEarlierName = byEarlierName;
    }

    /// <summary>Opens a zip. It stays open until disposal.</summary>
    /// <param name="source">The zip, whatever its name.</param>
    /// <param name="cancellationToken">Cancels the reading of its list of files.</param>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    public static async Task<ZipFileSet> OpenAsync(DatasetSource source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        return await OpenAsync(
            FileNames.OwnName(source.Name), new SourceStream(await source.OpenAsync(cancellationToken), source.Name, source.Length), cancellationToken);
    }

    /// <summary>Opens a zip on a stream, which is disposed with the set.</summary>
    /// <exception cref="RejectedFileException">It is no zip, cut short, damaged, split, beyond <see cref="ZipLimits"/>, or a zip bomb.</exception>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="IOException">It is longer or shorter than it was said to be, or reading failed.</exception>
    internal static async Task<ZipFileSet> OpenAsync(string name, SourceStream stream, CancellationToken cancellationToken)
    {
        if (!stream.CanSeek)
            throw new ArgumentException($"{name}: a zip needs a stream that can seek.", nameof(stream));
        var source = new ZipSource(stream);
        try
        {
            stream.ThrowIfOtherLength();
            List<ZipEntry> entries = await ZipDirectory.ReadAsync(name, source, cancellationToken);
            return Create(name, source, entries);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Returns the file with a path, or null if there is none. Also finds the name that earlier versions of the pipeline gave to a
    /// file: batches that they listed use it.</summary>
    public override SetFile? Find(string path) => base.Find(path) ?? _byEarlierName.GetValueOrDefault(path);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _source.Dispose();
        base.Dispose(disposing);
    }

    private static ZipFileSet Create(string name, ZipSource source, List<ZipEntry> entries)
    {
        string[] paths = ZipNames.Decode(entries);
        var files = new List<SetFile>(entries.Count);
        var byEarlierName = new Dictionary<string, SetFile>(StringComparer.Ordinal);
        foreach ((string path, ZipEntry entry) in paths.Zip(entries).Where(file => file.First.Length > 0 && !FileNames.IsHidden(file.First)))
        {
            ZipPlace place = entry.Place;
            var file = new SetFile(path, place.Length, token => PackedFile.OpenAsync(source, place, closesZip: false, token), place);
            files.Add(file);
            string earlier = Encoding.UTF8.GetString(entry.Name);
            if (earlier != path)
                byEarlierName[earlier] = file;
        }

        return new ZipFileSet(name, source, files, byEarlierName);
    }
}
