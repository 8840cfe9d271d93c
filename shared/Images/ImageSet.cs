using KeypointPipeline.Files;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Images;

/// <summary>The images of a dropped set of files, in order of name. Other files are passed over by name
/// (<see cref="ImageNames.IsMeantAsImage"/>).</summary>
public sealed class ImageSet : IDisposable
{
    private readonly FileSet _files;

    private ImageSet(FileSet files)
    {
        _files = files;
        ILookup<bool, SetFile> byUse = files.Files.ToLookup(file => ImageNames.IsMeantAsImage(file.Path));
        Images = [.. byUse[true].Select(file => Source(file.Path, file))];
        PassedOver = PassedOverFiles.Of(byUse[false].Select(file => file.Path));
    }

    /// <summary>The images. They can be read until disposal, by several callers at once.</summary>
    public IReadOnlyList<ImageSource> Images { get; }

    /// <summary>The files that are no images by name, or null if there are none.</summary>
    public PassedOverFiles? PassedOver { get; }

    /// <summary>All files of the set.</summary>
    internal FileSet Files => _files;

    /// <summary>Why the set has no images and what to do, or null if it has some.</summary>
    public string? Emptiness => Images.Count > 0 ? null : PassedOverFiles.DescribeEmpty(_files.Name, PassedOver);

    /// <summary>Uses a set of files. It is disposed with this object.</summary>
    public static ImageSet Of(FileSet files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return new ImageSet(files);
    }

    /// <summary>Lists the images of a local folder or zip, or takes a single image.</summary>
    /// <param name="path">Path of the folder or file.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <exception cref="FileNotFoundException">There is nothing at that path.</exception>
    /// <exception cref="InvalidDataException">The file is not a readable zip, nor an image by its name. The message says what to do.</exception>
    public static async Task<ImageSet> OpenAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool isFile = File.Exists(path);
        if (!isFile && !Directory.Exists(path))
            throw new FileNotFoundException($"There is no folder or file at {path}.", path);
        string name = Path.GetFileName(path);
        if (isFile && !FileNames.IsZip(name) && !await StartsAsZipAsync(path, cancellationToken))
        {
            return ImageNames.IsMeantAsImage(name)
                ? Of(new SingleFile(DatasetSource.FromFile(path)))
                : throw new InvalidDataException(ImageNames.DescribeOther(name) ?? $"{path} is neither a folder nor a zip nor an image ({string.Join(", ", ImageNames.Endings)}).");
        }

        return Of(await LocalFileSet.OpenAsync(path, cancellationToken));
    }

    /// <summary>Returns the file with a name, or null if there is none. Also finds files that are no images by name, and names in zips as
    /// earlier versions listed them: batches that they planned contain both.</summary>
    public ImageSource? Find(string name) => _files.Find(name) is SetFile file ? Source(name, file) : null;

    /// <inheritdoc/>
    public void Dispose() => _files.Dispose();

    private static async Task<bool> StartsAsZipAsync(string path, CancellationToken cancellationToken)
    {
        byte[] start = new byte[FileMagic.Zip.Length];
        await using FileStream file = File.OpenRead(path);
        return await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken) == start.Length && FileMagic.Zip.SequenceEqual(start);
    }

    private static ImageSource Source(string name, SetFile file) => new(name, token => ReadAsync(file, token));

    private static async Task<Stream> ReadAsync(SetFile file, CancellationToken cancellationToken)
    {
        try
        {
            ArraySegment<byte> content = await LimitedReader.ReadAsync(file, ImageLimits.Default.MaximumBytes, cancellationToken);
            return new MemoryStream(content.Array!, content.Offset, content.Count, writable: false, publiclyVisible: true);
        }
        catch (RejectedFileException e)
        {
            throw new ImageRejectedException(e.Message, e);
        }
    }
}
