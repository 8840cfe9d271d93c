namespace KeypointPipeline.Files;

/// <summary>Refuses a compressed file that unpacks to far more than its own size (<see cref="PackedFileLimits.UnpackedPerByte"/>).</summary>
internal struct InflationGuard(string file, SourceStream source)
{
    /// <summary>Bytes unpacked so far.</summary>
    public long Unpacked { get; private set; }

    /// <summary>Counts unpacked bytes.</summary>
    /// <exception cref="RejectedFileException">Too many bytes were unpacked for the number of bytes read.</exception>
    public void Add(int bytes)
    {
        Unpacked += bytes;
        if (Unpacked > PackedFileLimits.FreelyUnpackedBytes && Unpacked > PackedFileLimits.UnpackedPerByte * source.BytesRead)
        {
            throw new RejectedFileException(
                $"{file} unpacks to more than {PackedFileLimits.UnpackedPerByte} times its size "
                + $"({source.BytesRead:N0} bytes gave {Unpacked:N0}): it looks like a zip bomb.");
        }
    }
}
