using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.TrainerJob.Checkpoints;

/// <summary>The bytes of a checkpoint: <c>KPTRAIN\n</c>, format version (int32), header length (int32), the
/// <see cref="CheckpointHeader"/> as JSON, the parts, and the SHA-256 of all preceding bytes. Integers are little-endian.</summary>
public static class CheckpointFile
{
    private const int FormatVersion = 2;
    private const int PrefixBytes = 16;

    private static ReadOnlySpan<byte> Magic => "KPTRAIN\n"u8;

    /// <summary>Creates a checkpoint. Each part is written twice: once to learn its size, once into the file.</summary>
    /// <param name="header">The header; the sizes of the parts are added.</param>
    /// <param name="parts">Write the parts. Each writes the same bytes whenever it is called.</param>
    /// <exception cref="InvalidDataException">The parts do not fit into one array (2 GB).</exception>
    public static Checkpoint Create(CheckpointHeader header, IReadOnlyList<Action<BinaryWriter>> parts)
    {
        long[] sizes = [.. parts.Select(SizeOf)];
        if (sizes.Sum() > Array.MaxLength - (1 << 20))
            throw new InvalidDataException($"The checkpoint would have {sizes.Sum() / 1e9:0.0} GB. The trainer can write 2 GB. Choose a smaller network or smaller frames.");
        CheckpointHeader complete = header with { PartBytes = [.. sizes.Select(size => (int)size)] };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(complete, PipelineJson.Compact);
        byte[] file = new byte[PrefixBytes + json.Length + sizes.Sum() + SHA256.HashSizeInBytes];
        Magic.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), json.Length);
        json.CopyTo(file, PrefixBytes);
        List<ReadOnlyMemory<byte>> slices = Slices(complete, file, PrefixBytes + json.Length);
        int at = PrefixBytes + json.Length;
        for (int i = 0; i < parts.Count; i++)
        {
            using var writer = new BinaryWriter(new MemoryStream(file, at, slices[i].Length));
            parts[i](writer);
            at += slices[i].Length;
        }

        return new Checkpoint(complete, slices, file);
    }

    /// <summary>Completes the file of a checkpoint with its checksum.</summary>
    /// <returns>The file, which belongs to the checkpoint.</returns>
    public static byte[] Write(Checkpoint checkpoint)
    {
        byte[] file = checkpoint.File;
        SHA256.HashData(file.AsSpan(0, file.Length - SHA256.HashSizeInBytes), file.AsSpan(file.Length - SHA256.HashSizeInBytes));
        return file;
    }

    /// <summary>Deserializes a checkpoint, which keeps the file.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a complete checkpoint of this version; the message says why.</exception>
    public static Checkpoint Read(byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Length < PrefixBytes + SHA256.HashSizeInBytes || !file.AsSpan().StartsWith(Magic))
            throw new InvalidDataException("it is not a trainer's checkpoint");
        int version = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8));
        if (version != FormatVersion)
            throw new InvalidDataException($"its format is version {version}, and this trainer reads version {FormatVersion}");
        ReadOnlySpan<byte> content = file.AsSpan(0, file.Length - SHA256.HashSizeInBytes);
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(file.AsSpan(content.Length)))
            throw new InvalidDataException("its checksum is wrong: it is damaged or was cut short");

        int headerBytes = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12));
        CheckpointHeader header = JsonSerializer.Deserialize<CheckpointHeader>(content.Slice(PrefixBytes, headerBytes), PipelineJson.Compact)
            ?? throw new InvalidDataException("its header is empty");
        return new Checkpoint(header, Slices(header, file, PrefixBytes + headerBytes), file);
    }

    private static List<ReadOnlyMemory<byte>> Slices(CheckpointHeader header, byte[] file, int start)
    {
        var slices = new List<ReadOnlyMemory<byte>>();
        foreach (int size in header.PartBytes)
        {
            slices.Add(file.AsMemory(start, size));
            start += size;
        }

        return slices;
    }

    private static long SizeOf(Action<BinaryWriter> part)
    {
        using var counted = new CountingStream();
        using (var writer = new BinaryWriter(counted))
            part(writer);
        return counted.Position;
    }
}
