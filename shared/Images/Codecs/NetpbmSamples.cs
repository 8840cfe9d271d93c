using System.Buffers.Text;

namespace KeypointPipeline.Images.Codecs;

/// <summary>Reads the samples of a PGM or PPM in order, scaled to 0…255.</summary>
internal ref struct NetpbmSamples
{
    private readonly ReadOnlySpan<byte> _file;
    private readonly NetpbmHeader _header;

    /// <summary>The scaled value of every sample that the header allows.</summary>
    private readonly byte[] _scaled;
    private int _at;

    /// <summary>Starts at the first sample.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="header">Its header.</param>
    /// <param name="start">Where the samples start.</param>
    public NetpbmSamples(ReadOnlySpan<byte> file, NetpbmHeader header, int start)
    {
        _file = file;
        _header = header;
        _at = start;
        _scaled = new byte[header.LargestSample + 1];
        for (int sample = 0; sample < _scaled.Length; sample++)
            _scaled[sample] = (byte)(((sample * 255L) + (header.LargestSample / 2)) / header.LargestSample);
    }

    /// <summary>What follows the last sample that was read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _file[_at..];

    /// <summary>Reads the next sample.</summary>
    /// <exception cref="EndOfStreamException">The file ends before it.</exception>
    /// <exception cref="InvalidDataException">It is no number, or larger than the header allows.</exception>
    public byte Next()
    {
        long sample = _header.IsText ? NextNumber() : NextBytes();
        return sample < _scaled.Length
            ? _scaled[sample]
            : throw new InvalidDataException($"a sample is {sample}, but its header states {_header.LargestSample} as the maximum");
    }

    private int NextBytes()
    {
        if (_header.SampleBytes > _file.Length - _at)
            throw new EndOfStreamException();
        int sample = _file[_at++];
        return _header.SampleBytes == 1 ? sample : (sample << 8) | _file[_at++];
    }

    private long NextNumber()
    {
        int start = _at;
        NetpbmHeader.SkipBlanks(_file, ref _at);
        if (_at == _file.Length)
            throw new EndOfStreamException();
        if (_at == start || !Utf8Parser.TryParse(_file[_at..], out uint sample, out int length))
            throw new InvalidDataException("it holds something that is no sample between its samples");
        _at += length;
        return sample;
    }
}
