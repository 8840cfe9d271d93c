using System.IO.Hashing;
using KeypointPipeline.Files;

namespace KeypointPipeline.Sources.Zips;

/// <summary>The unpacked bytes of one file in a zip. Reading checks them against the size and the checksum that the zip states.</summary>
/// <param name="unpacked">Unpacks the file. It is disposed with this object.</param>
/// <param name="below">What <paramref name="unpacked"/> reads from; disposed after it.</param>
/// <param name="packedBytesRead">Returns how many packed bytes were read so far.</param>
/// <param name="place">The file.</param>
/// <param name="source">The zip.</param>
/// <param name="closesZip">Whether the zip was opened for this file only. It is then disposed with this object.</param>
internal sealed class UnpackedFile(
    Stream unpacked, IDisposable below, Func<long> packedBytesRead, ZipPlace place, ZipSource source, bool closesZip) : ReadOnlyStream
{
    private readonly Crc32 _checksum = new();
    private InflationGuard _guard = new("The file");

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await unpacked.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (source.IsDamage(e))
        {
            throw PackedFile.Damaged(e.Message.TrimEnd('.'), e);
        }

        _checksum.Append(buffer.Span[..read]);
        _guard.Add(read, packedBytesRead());
        if (_guard.Unpacked > place.Length || (read == 0 && buffer.Length > 0 && _guard.Unpacked != place.Length))
            throw PackedFile.Damaged("it does not have the size that the zip states");
        if (read == 0 && buffer.Length > 0 && _checksum.GetCurrentHashAsUInt32() != place.Checksum)
            throw PackedFile.Damaged("its checksum does not match");
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            unpacked.Dispose();
            below.Dispose();
            if (closesZip)
                source.Dispose();
        }

        base.Dispose(disposing);
    }
}
