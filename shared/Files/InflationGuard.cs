namespace KeypointPipeline.Files;

/// <summary>Refuses a compressed file that unpacks to far more than its own size (<see cref="PackedFileLimits.UnpackedPerByte"/>).</summary>
/// <param name="file">The file, as messages name it.</param>
internal struct InflationGuard(string file)
{
    /// <summary>Bytes unpacked so far.</summary>
    public long Unpacked { get; private set; }

    /// <summary>Counts unpacked bytes.</summary>
    /// <param name="bytes">Bytes that were unpacked since the last call.</param>
    /// <param name="packedBytes">Packed bytes that were read so far.</param>
    /// <exception cref="RejectedFileException">Too many bytes were unpacked for the number of bytes read.</exception>
    public void Add(int bytes, long packedBytes)
    {
        Unpacked += bytes;
        if (Unpacked > PackedFileLimits.FreelyUnpackedBytes && Unpacked > PackedFileLimits.UnpackedPerByte * packedBytes)
        {
            throw new RejectedFileException(
                $"{file} unpacks to more than {PackedFileLimits.UnpackedPerByte} times its size "
                + $"({packedBytes:N0} bytes gave {Unpacked:N0}): it looks like a zip bomb.");
        }
    }
}
