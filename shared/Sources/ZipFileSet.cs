using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Sources.Zips;

namespace KeypointPipeline.Sources;

/// <summary>The files of a zip on any stream that can seek: a local file, or a blob read by ranges.</summary>
/// <remarks>The list of files is read once, within <see cref="ZipLimits"/>. Files are unpacked as they are read, and several can be read at
/// once. Reading a file to its end checks its size and checksum. <see cref="ZipNames"/> decodes the names.</remarks>
public sealed class ZipFileSet : FileSet
{
    private const int Stored = 0, Deflate = 8, Deflate64 = 9;
    private const int LocalHeaderBytes = 30;

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

    /// <summary>Creates the exception for a file of a zip that cannot be unpacked.</summary>
    internal static RejectedFileException Damaged(string reason, Exception? innerException = null) =>
        new($"The file is cut short or damaged: {reason}. Copy or zip it again.", innerException);

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
            var file = new SetFile(path, entry.Length, token => OpenAsync(source, entry, token));
            files.Add(file);
            string earlier = Encoding.UTF8.GetString(entry.Name);
            if (earlier != path)
                byEarlierName[earlier] = file;
        }

        return new ZipFileSet(name, source, files, byEarlierName);
    }

    private static async Task<Stream> OpenAsync(ZipSource source, ZipEntry entry, CancellationToken cancellationToken)
    {
        if (entry.IsEncrypted)
            throw new RejectedFileException("The file is protected by a password: zip it again without one.");
        if (entry.Method is not (Stored or Deflate or Deflate64))
            throw new RejectedFileException($"The file is compressed with {MethodName(entry.Method)}, which is not supported: zip it again with the method Deflate.");

        byte[] header = new byte[LocalHeaderBytes];
        if (entry.HeaderAt < 0 || entry.HeaderAt > source.Length - LocalHeaderBytes
            || await source.ReadAsync(entry.HeaderAt, header, cancellationToken) != LocalHeaderBytes || !header.AsSpan().StartsWith("PK\u0003\u0004"u8))
        {
            throw Damaged("it is not where the zip says");
        }

        long dataAt = entry.HeaderAt + LocalHeaderBytes
            + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
        if (dataAt > source.Length - entry.PackedBytes)
            throw Damaged("the zip ends before it");
        if (entry.Method == Deflate64)
            return await OpenDeflate64Async(source, entry, dataAt, cancellationToken);
        var packed = new PackedBytes(source, dataAt, entry.PackedBytes);
        Stream unpacked = entry.Method == Stored ? packed : new DeflateStream(packed, CompressionMode.Decompress);
        return new UnpackedFile(unpacked, packed, () => packed.BytesRead, entry, source);
    }

    private static async Task<Stream> OpenDeflate64Async(ZipSource source, ZipEntry entry, long dataAt, CancellationToken cancellationToken)
    {
        var one = new OneFileZip(source, entry, dataAt);
        ZipArchive? archive = null;
        try
        {
            archive = await ZipArchive.CreateAsync(one, ZipArchiveMode.Read, leaveOpen: false, entryNameEncoding: null, cancellationToken);
            return new UnpackedFile(await archive.Entries.Single().OpenAsync(cancellationToken), archive, () => one.BytesRead, entry, source);
        }
        catch (Exception e)
        {
            archive?.Dispose();
            if (source.IsDamage(e))
                throw Damaged(e.Message.TrimEnd('.'), e);
            throw;
        }
    }

    /// <summary>Names a compression method (APPNOTE.TXT 6.3.10, section 4.4.5).</summary>
    private static string MethodName(int method) => method switch
    {
        12 => "bzip2",
        14 => "LZMA",
        20 or 93 => "Zstandard",
        95 => "XZ",
        98 => "PPMd",
        _ => $"method {method}",
    };
}
