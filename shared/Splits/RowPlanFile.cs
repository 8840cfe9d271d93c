using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace KeypointPipeline.Splits;

/// <summary>The format of <c>rows.bin</c>. All numbers are little-endian.</summary>
/// <remarks>
/// <code>
/// 8 bytes   "KPROWS" and the version of the format, two ASCII digits
/// int32     number of datasets
/// for each dataset:
///   int32     length of the id in bytes
///   bytes     the id, UTF-8
///   int32     number of rows, N
///   N bytes   sides (RowSide)
///   N int32   numbers of components
///   N uint64  image keys
///   N uint64  group keys
/// uint64    XXH3 of all bytes before
/// </code>
/// A row takes 21 bytes.
/// </remarks>
public static class RowPlanFile
{
    private const int HashBytes = sizeof(ulong);
    private const int RowBytes = sizeof(byte) + sizeof(int) + sizeof(ulong) + sizeof(ulong);

    private static ReadOnlySpan<byte> Header => "KPROWS01"u8;

    /// <summary>Serialises a plan.</summary>
    public static byte[] Write(RowPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Header);
            writer.Write(plan.Datasets.Count);
            foreach (PlannedDataset dataset in plan.Datasets)
            {
                byte[] id = Encoding.UTF8.GetBytes(dataset.DatasetId);
                writer.Write(id.Length);
                writer.Write(id);
                writer.Write(dataset.Sides.Count);
                Write(writer, dataset.Sides);
                Write(writer, dataset.Components);
                Write(writer, dataset.ImageKeys);
                Write(writer, dataset.GroupKeys);
            }
        }

        byte[] hash = new byte[HashBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(hash, XxHash3.HashToUInt64(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        stream.Write(hash);
        return stream.ToArray();
    }

    /// <summary>Reads a plan.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">Name of the file in messages.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or a newer version of the pipeline wrote it. The message names the
    /// file.</exception>
    public static RowPlan Read(ReadOnlySpan<byte> file, string name)
    {
        if (!file.StartsWith(Header[..^2]))
            throw new InvalidDataException($"{name} is not a row plan.");
        if (!file.StartsWith(Header))
            throw new InvalidDataException($"{name} is a row plan of another version of the pipeline. Update the program that reads it.");
        if (file.Length < Header.Length + HashBytes
            || BinaryPrimitives.ReadUInt64LittleEndian(file[^HashBytes..]) != XxHash3.HashToUInt64(file[..^HashBytes]))
            throw Damaged(name);

        ReadOnlySpan<byte> rest = file[Header.Length..^HashBytes];
        var datasets = new PlannedDataset[Length(ref rest, 2 * sizeof(int), name)];
        for (int i = 0; i < datasets.Length; i++)
        {
            string id = Encoding.UTF8.GetString(Take(ref rest, Length(ref rest, sizeof(byte), name)));
            int rows = Length(ref rest, RowBytes, name);
            datasets[i] = new PlannedDataset(
                id, Take<RowSide>(ref rest, rows), Take<int>(ref rest, rows), Take<ulong>(ref rest, rows), Take<ulong>(ref rest, rows));
        }

        return rest.IsEmpty ? new RowPlan(datasets) : throw Damaged(name);
    }

    private static void Write<TValue>(BinaryWriter writer, IReadOnlyList<TValue> values)
        where TValue : unmanaged =>
        writer.Write(MemoryMarshal.AsBytes((values as TValue[] ?? [.. values]).AsSpan()));

    /// <summary>Reads a count whose items fit into the rest of the file.</summary>
    private static int Length(ref ReadOnlySpan<byte> rest, int itemBytes, string name)
    {
        if (rest.Length < sizeof(int))
            throw Damaged(name);
        int count = BinaryPrimitives.ReadInt32LittleEndian(Take(ref rest, sizeof(int)));
        return count >= 0 && (long)count * itemBytes <= rest.Length ? count : throw Damaged(name);
    }

    private static unsafe TValue[] Take<TValue>(ref ReadOnlySpan<byte> rest, int count)
        where TValue : unmanaged =>
        MemoryMarshal.Cast<byte, TValue>(Take(ref rest, count * sizeof(TValue))).ToArray();

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int bytes)
    {
        ReadOnlySpan<byte> taken = rest[..bytes];
        rest = rest[bytes..];
        return taken;
    }

    private static InvalidDataException Damaged(string name) => new($"{name} is damaged: it is cut off or was changed. Restore the file.");
}
