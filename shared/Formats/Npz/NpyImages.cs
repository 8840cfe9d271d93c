using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.Npz;

/// <summary>The grey images of a NumPy array, in the order of the table's rows, whatever the order in the file.</summary>
/// <remarks>In the published order, each image is spread over the whole file. So the file is read once and kept in memory, and some images
/// at a time are put together from it.</remarks>
internal sealed class NpyImages
{
    /// <summary>The largest array in bytes: 58,000 images of 96×96.</summary>
    public const int LargestBytes = 512 * 1024 * 1024;

    private const int FirstBytes = 1024 * 1024;

    /// <summary>Images that are put together at once. Neighbours in the file share cache lines.</summary>
    private const int ImagesAtOnce = 64;

    private readonly byte[] _elements;
    private readonly byte[] _block;
    private int _blockStart = -ImagesAtOnce;

    private NpyImages(ImageAxes axes, byte[] elements)
    {
        Axes = axes;
        _elements = elements;
        _block = IsInOrder ? [] : new byte[Math.Min(ImagesAtOnce, axes.Images) * axes.Frame.Pixels];
    }

    /// <summary>What the axes mean.</summary>
    public ImageAxes Axes { get; }

    /// <summary>Size of each image.</summary>
    public FrameSize Frame => Axes.Frame;

    private bool IsInOrder => !Axes.ImagesFastest && !Axes.ColumnsFirst;

    /// <summary>Returns the pixels of an image, H·W, line by line. Valid until the next call. Fastest in the order of the images.</summary>
    /// <param name="image">Number of the image, from 0.</param>
    public ReadOnlyMemory<byte> Image(int image)
    {
        if (IsInOrder)
            return _elements.AsMemory(image * Frame.Pixels, Frame.Pixels);
        if (image < _blockStart || image >= _blockStart + ImagesAtOnce)
            Fill(image - (image % ImagesAtOnce));
        return _block.AsMemory((image - _blockStart) * Frame.Pixels, Frame.Pixels);
    }

    /// <summary>Reads the images once, from start to end.</summary>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="stream">The file, behind its header.</param>
    /// <param name="axes">What the axes mean.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="RejectedFileException">The file is shorter or longer than its header says, or the array is too
    /// large.</exception>
    public static async Task<NpyImages> ReadAsync(string file, Stream stream, ImageAxes axes, CancellationToken cancellationToken)
    {
        long bytes = (long)axes.Images * axes.Frame.Pixels;
        if (bytes > LargestBytes)
        {
            throw new RejectedFileException(
                $"{file} holds {axes.Images:N0} images of {axes.Frame}, {bytes:N0} bytes; at most {LargestBytes:N0} are read. Split images and table into several sets.");
        }

        // The header may promise more than the file holds, so memory grows with what was read.
        byte[] elements = new byte[Math.Min(bytes, FirstBytes)];
        int read = 0;
        while (true)
        {
            int added = await stream.ReadAtLeastAsync(elements.AsMemory(read), elements.Length - read, throwOnEndOfStream: false, cancellationToken);
            if (added < elements.Length - read)
                throw new RejectedFileException($"{file} is cut short: its header says {axes.Images:N0} images of {axes.Frame}, {bytes:N0} bytes. Copy it again.");
            read += added;
            if (read == bytes)
                break;
            Array.Resize(ref elements, (int)Math.Min(bytes, 2L * elements.Length));
        }

        // Reading to the end also checks the checksum of a packed file.
        return await stream.ReadAsync(new byte[1], cancellationToken) == 0
            ? new NpyImages(axes, elements)
            : throw new RejectedFileException($"{file} is longer than the shape in its header says. Save it with numpy.save.");
    }

    /// <summary>Puts some images together.</summary>
    private void Fill(int start)
    {
        _blockStart = start;
        int count = Math.Min(ImagesAtOnce, Axes.Images - start);
        for (int place = 0; place < Frame.Pixels; place++)
        {
            int pixel = Axes.ColumnsFirst ? ((place % Frame.Height) * Frame.Width) + (place / Frame.Height) : place;
            int first = Axes.ImagesFastest ? (place * Axes.Images) + start : (start * Frame.Pixels) + place;
            int step = Axes.ImagesFastest ? 1 : Frame.Pixels;
            for (int image = 0; image < count; image++)
                _block[(image * Frame.Pixels) + pixel] = _elements[first + (image * step)];
        }
    }
}
