using SkiaSharp;

namespace KeypointPipeline.Images.Codecs;

/// <summary>A PGM or PPM: grey or colour without compression, as many published sets of faces have it. Samples are used as they are, without
/// gamma, as OpenCV and PIL do.</summary>
internal sealed class NetpbmImage : EncodedImage
{
    private const byte EndOfTextFile = 0x1A;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly NetpbmHeader _header;

    private NetpbmImage(ImageFormat format, ReadOnlyMemory<byte> file, NetpbmHeader header)
        : base(format, header.Width, header.Height, new Orientation(SKEncodedOrigin.TopLeft))
    {
        _file = file;
        _header = header;
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ImageRejectedException">Its header is damaged, or states a size beyond the limits.</exception>
    public static NetpbmImage Open(ReadOnlyMemory<byte> file, ImageFormat format, ImageLimits limits)
    {
        try
        {
            var header = NetpbmHeader.Read(file.Span, limits.MaximumPixels);
            CheckSize(header.Width, header.Height, file.Length, limits);
            return new NetpbmImage(format, file, header);
        }
        catch (InvalidDataException e)
        {
            throw new ImageRejectedException($"The {format.Name()} file is damaged ({e.Message}).", e);
        }
    }

    /// <inheritdoc/>
    public override bool IsOpaque => true;

    /// <inheritdoc/>
    public override SKBitmap Decode(int reduction)
    {
        try
        {
            int start = FindSamples(_file.Span);
            return Fill(StoredWidth, StoredHeight, bitmap => Read(bitmap.GetPixelSpan(), start));
        }
        catch (EndOfStreamException)
        {
            throw CutOff();
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e.Message);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // The file is managed memory.
    }

    /// <summary>Finds the first sample, and checks the file's length before anything is allocated for the pixels. In P5 and P6, one byte of
    /// white space precedes the samples. Some programs write a carriage return and a line feed, or a comment. The file's length
    /// decides.</summary>
    private int FindSamples(ReadOnlySpan<byte> file)
    {
        int at = _header.Length;
        if (_header.IsText)
            return (2 * _header.AllSamples) - 1 <= file.Length - at ? at : throw new EndOfStreamException();

        long bytes = _header.AllSamples * _header.SampleBytes;
        if (at < file.Length && file[at] == '#')
            at = NetpbmHeader.EndOfLine(file, at);
        if (file.Length - at <= bytes)
            throw new EndOfStreamException();
        if (!NetpbmHeader.IsBlank(file[at]))
            throw new InvalidDataException("no white space follows its header");

        int later = file[at..].StartsWith("\r\n"u8) ? at + 2 : at + 1;
        while (later < file.Length && file[later] == '#')
            later = Math.Min(file.Length, NetpbmHeader.EndOfLine(file, later) + 1);
        return file.Length - later == bytes ? later : at + 1;
    }

    private void Read(Span<byte> pixels, int start)
    {
        var samples = new NetpbmSamples(_file.Span, _header, start);
        for (int pixel = 0; pixel < pixels.Length; pixel += 4)
        {
            byte red = samples.Next();
            (pixels[pixel], pixels[pixel + 1], pixels[pixel + 2], pixels[pixel + 3]) =
                _header.Samples == 1 ? (red, red, red, byte.MaxValue) : (red, samples.Next(), samples.Next(), byte.MaxValue);
        }

        CheckEnd(samples.Rest);
    }

    /// <summary>Checks what follows the last sample: only white space, zeros and the end mark of old text files may, and comments of
    /// P2 and P3.</summary>
    private void CheckEnd(ReadOnlySpan<byte> rest)
    {
        int at = 0;
        if (_header.IsText)
            NetpbmHeader.SkipBlanks(rest, ref at);
        while (at < rest.Length && (NetpbmHeader.IsBlank(rest[at]) || rest[at] is 0 or EndOfTextFile))
            at++;
        rest = rest[at..];
        if (rest.Length > 1 && rest[0] == 'P' && rest[1] is >= (byte)'1' and <= (byte)'7')
            throw new ImageRejectedException("The file contains several images, one after another; save each as a file of its own.");
        if (rest.Length > 0)
            throw new InvalidDataException($"{rest.Length:N0} bytes follow its last pixel");
    }
}
