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

    /// <summary>Serializes a checkpoint.</summary>
    public static byte[] Write(Checkpoint checkpoint)
    {
        byte[] header = JsonSerializer.SerializeToUtf8Bytes(checkpoint.Header, PipelineJson.Compact);
        byte[] file = new byte[PrefixBytes + header.Length + checkpoint.Parts.Sum(part => part.Length) + SHA256.HashSizeInBytes];
        Magic.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), header.Length);
        header.CopyTo(file, PrefixBytes);
        int at = PrefixBytes + header.Length;
        foreach (byte[] part in checkpoint.Parts)
        {
            part.CopyTo(file, at);
            at += part.Length;
        }

        SHA256.HashData(file.AsSpan(0, at), file.AsSpan(at));
        return file;
    }

    /// <summary>Deserializes a checkpoint.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a complete checkpoint of this version; the message says why.</exception>
    public static Checkpoint Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < PrefixBytes + SHA256.HashSizeInBytes || !file.StartsWith(Magic))
            throw new InvalidDataException("it is not a trainer's checkpoint");
        int version = BinaryPrimitives.ReadInt32LittleEndian(file[8..]);
        if (version != FormatVersion)
            throw new InvalidDataException($"its format is version {version}, and this trainer reads version {FormatVersion}");
        ReadOnlySpan<byte> content = file[..^SHA256.HashSizeInBytes];
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(file[^SHA256.HashSizeInBytes..]))
            throw new InvalidDataException("its checksum is wrong: it is damaged or was cut short");

        int headerBytes = BinaryPrimitives.ReadInt32LittleEndian(file[12..]);
        CheckpointHeader header = JsonSerializer.Deserialize<CheckpointHeader>(content.Slice(PrefixBytes, headerBytes), PipelineJson.Compact)
            ?? throw new InvalidDataException("its header is empty");
        content = content[(PrefixBytes + headerBytes)..];
        var parts = new byte[header.PartBytes.Count][];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = content[..header.PartBytes[i]].ToArray();
            content = content[header.PartBytes[i]..];
        }

        return new Checkpoint(header, parts);
    }
}
