using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace KeypointPipeline.TestSupport.Faults;

/// <summary>Disturbs one request.</summary>
/// <param name="number">The request's number, from 1.</param>
/// <param name="fault">The fault.</param>
public sealed class OneFault(int number, StorageFault fault)
{
    private int _requests;

    /// <summary>The plan.</summary>
    public StorageFault Choose(StorageRequest _) =>
        Interlocked.Increment(ref _requests) == number ? fault : StorageFault.None;
}

/// <summary>Disturbs a share of the requests. The fault of the n-th request of a kind depends only on the seed, not on requests of other
/// kinds in between.</summary>
/// <param name="seed">Chooses the plan.</param>
/// <param name="share">0 to 1.</param>
/// <param name="faults">The faults, equally often.</param>
public sealed class SeededFaults(int seed, double share, params StorageFault[] faults)
{
    private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.Ordinal);

    /// <summary>The plan.</summary>
    public StorageFault Choose(StorageRequest request)
    {
        int number = _seen.AddOrUpdate(request.Kind, 1, (_, seen) => seen + 1);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {number} {request.Kind}"));
        double draw = BinaryPrimitives.ReadUInt64LittleEndian(hash) / Math.Pow(2, 64);
        return draw < share ? faults[(int)(draw / share * faults.Length)] : StorageFault.None;
    }
}
