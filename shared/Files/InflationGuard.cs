namespace KeypointPipeline.Files;

/// <summary>Stops a compressed file that unpacks to far more than it holds (<see cref="PackedFileLimits.UnpackedPerByte"/>).</summary>
internal struct InflationGuard(string file, SourceStream source)
{
    /// <summary>Bytes unpacked so far.</summary>
    public long Unpacked { get; private set; }

    /// <summary>Counts unpacked bytes.</summary>
    /// <exception cref="RejectedFileException">There are too many for what was read.</exception>
    public void Add(int bytes)
    {
        Unpacked += bytes;
        if (Unpacked > PackedFileLimits.FreelyUnpackedBytes && Unpacked > PackedFileLimits.UnpackedPerByte * source.BytesRead)
        {
            throw new RejectedFileException(
                $"{file} unpacks to more than {PackedFileLimits.UnpackedPerByte} times its size ({source.BytesRead:N0} bytes gave {Unpacked:N0}): it looks like a zip bomb.");
        }
    }
}
