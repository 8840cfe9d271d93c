using System.Text;
using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Damage to zips (APPNOTE.TXT 6.3): the directory, the local headers and the end record.</summary>
internal static class ZipMutations
{
    private static readonly (string Name, int At, int Width)[] DirectoryFields =
    [
        ("version made by", 4, 2), ("version needed", 6, 2), ("flags", 8, 2), ("method", 10, 2), ("time", 12, 4), ("checksum", 16, 4), ("packed size", 20, 4),
        ("size", 24, 4), ("name length", 28, 2), ("extra length", 30, 2), ("comment length", 32, 2), ("disk", 34, 2), ("attributes", 38, 4), ("offset", 42, 4),
    ];

    private static readonly (string Name, int At, int Width)[] LocalFields =
    [
        ("flags", 6, 2), ("method", 8, 2), ("checksum", 14, 4), ("packed size", 18, 4), ("size", 22, 4), ("name length", 26, 2), ("extra length", 28, 2),
    ];

    private static readonly (string Name, int At, int Width)[] EndFields =
    [
        ("disk", 4, 2), ("directory's disk", 6, 2), ("entries here", 8, 2), ("entries", 10, 2), ("directory size", 12, 4), ("directory offset", 16, 4), ("comment length", 20, 2),
    ];

    private static readonly string[] Names =
        ["", ".csv", "a.CSV", "x/", "..", "/etc/passwd.csv", "a\0.csv", "con.csv", "a.csv/", "\\\\host\\b.csv", "🙂.csv", new string('n', 300) + ".csv", "__MACOSX/a.csv", "a.txt"];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        .. DirectoryFields.Select(field => new Mutation($"zip directory: {field.Name}", (file, random) => Field(file, random, Directory, field.At, field.Width))),
        .. LocalFields.Select(field => new Mutation($"zip local header: {field.Name}", (file, random) => Field(file, random, Local, field.At, field.Width))),
        .. EndFields.Select(field => new Mutation($"zip end: {field.Name}", (file, random) => Field(file, random, End, field.At, field.Width))),
        new("zip: another name in the directory", Rename),
        new("zip: 64-bit sizes announced", Announce64Bits),
        new("zip: directory entry twice", Duplicate),
        new("zip: something before", (file, random) => [.. ByteEdits.Noise(random, random.Next(1, 200)), .. file]),
        new("zip: comment", (file, random) => [.. file[..^Math.Min(2, file.Length)], 40, 0, .. ByteEdits.Noise(random, random.Next(60))]),
        new("zip: two behind each other", (file, _) => [.. file, .. file]),
        new("zip: no directory", (file, _) => file[..FirstOf(file, Directory)]),
        new("zip: only the end", (file, _) => file[FirstOf(file, End)..]),
        new("zip: in a zip", (file, random) => PackedSeeds.Zip([(random.Next(2) == 0 ? "a.csv" : "inner.zip", file)], random)),
        new("zip: the same name twice", (file, random) => PackedSeeds.Zip([("a.csv", file), ("a.csv", file)], random)),
        new("zip: very many files", (file, random) => PackedSeeds.Zip([.. Enumerable.Range(0, random.Next(6_000)).Select(i => ($"{i}.txt", Array.Empty<byte>())), ("a.csv", file)], random)),
    ];

    private static ReadOnlySpan<byte> Directory => "PK\u0001\u0002"u8;

    private static ReadOnlySpan<byte> Local => "PK\u0003\u0004"u8;

    private static ReadOnlySpan<byte> End => "PK\u0005\u0006"u8;

    private static byte[] Field(byte[] file, Random random, ReadOnlySpan<byte> signature, int at, int width) =>
        Place(file, random, signature) is int start && start + at + width <= file.Length
            ? ByteEdits.WriteLittle(file, start + at, ByteEdits.AwkwardNumber(random), width)
            : file;

    private static byte[] Rename(byte[] file, Random random)
    {
        if (Place(file, random, Directory) is not int start || start + 46 > file.Length)
            return file;
        byte[] name = Encoding.UTF8.GetBytes(random.OneOf(Names));
        int nameEnd = Math.Min(file.Length, start + 46 + BitConverter.ToUInt16(file, start + 28));
        return ByteEdits.WriteLittle(ByteEdits.Replace(file, (start + 46)..nameEnd, name), start + 28, (uint)name.Length, 2);
    }

    private static byte[] Announce64Bits(byte[] file, Random random)
    {
        if (Place(file, random, Directory) is not int start || start + 46 > file.Length)
            return file;
        byte[] extra = [1, 0, (byte)random.Next(40), 0, .. ByteEdits.Noise(random, random.Next(40))];
        byte[] announced = ByteEdits.WriteLittle(file, start + random.OneOf<int>([20, 24, 42]), uint.MaxValue, 4);
        int nameEnd = Math.Min(file.Length, start + 46 + BitConverter.ToUInt16(file, start + 28));
        return ByteEdits.WriteLittle(ByteEdits.Insert(announced, nameEnd, extra), start + 30, (uint)extra.Length, 2);
    }

    private static byte[] Duplicate(byte[] file, Random random)
    {
        if (Place(file, random, Directory) is not int start || FirstOf(file, End) is var end && end <= start)
            return file;
        byte[] doubled = ByteEdits.Insert(file, end, file.AsSpan(start, end - start));
        int count = end + end - start + 8;
        if (count + 4 > doubled.Length)
            return doubled;
        uint entries = 2u * BitConverter.ToUInt16(doubled, count);
        return ByteEdits.WriteLittle(ByteEdits.WriteLittle(doubled, count, entries, 2), count + 2, entries, 2);
    }

    private static int? Place(byte[] file, Random random, ReadOnlySpan<byte> signature)
    {
        List<int> places = ByteEdits.Find(file, signature);
        return places.Count == 0 ? null : random.OneOf(places);
    }

    private static int FirstOf(byte[] file, ReadOnlySpan<byte> signature)
    {
        int at = file.AsSpan().IndexOf(signature);
        return at < 0 ? file.Length : at;
    }
}
