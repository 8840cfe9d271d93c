using System.IO.Compression;
using System.Text;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Packs bytes as users and programs do.</summary>
internal static class PackedSeeds
{
    private static readonly CompressionLevel[] Levels = [CompressionLevel.Fastest, CompressionLevel.NoCompression, CompressionLevel.Optimal];
    private static readonly string[] Tables = ["training.csv", "data/Größe ñ 1.CSV", "a.csv", "../../../tmp/evil.csv", "C:\\data\\b.csv"];
    private static readonly string[] Beside = ["__MACOSX/._training.csv", "data/", "data/.hidden.csv", "README.md", "b.txt", "second.csv"];

    /// <summary>A fixed time, so that the same seed gives the same bytes.</summary>
    private static readonly DateTimeOffset Written = new(2026, 1, 2, 3, 4, 6, TimeSpan.Zero);

    /// <summary>Packs bytes as one gzip member or two.</summary>
    public static byte[] Gzip(byte[] content, Random random)
    {
        var packed = new MemoryStream();
        int first = random.Next(4) == 0 ? random.Next(content.Length + 1) : content.Length;
        AddMember(packed, content.AsSpan(0, first), random);
        if (first < content.Length)
            AddMember(packed, content.AsSpan(first), random);
        return packed.ToArray();
    }

    /// <summary>Packs a table as a zip, now and then with another file or as a set (<see cref="SetSeeds"/>).</summary>
    public static byte[] Zip(byte[] table, Random random)
    {
        if (random.Next(6) == 0)
            return SetSeeds.Zip(table, random);
        var files = new List<(string, byte[])> { (random.Next(4) == 0 ? Tables[random.Next(Tables.Length)] : Tables[0], table) };
        if (random.Next(5) == 0)
            files.Insert(random.Next(2), (Beside[random.Next(Beside.Length)], table[..Math.Min(table.Length, 20)]));
        return Zip(files, random);
    }

    /// <summary>Packs files as a zip: by .NET, or as one of the other programs does.</summary>
    public static byte[] Zip(IEnumerable<(string Name, byte[] Content)> files, Random random) =>
        random.Next(3) == 0 ? ForeignZips.Create(files, random) : ZipByDotNet(files, random);

    /// <summary>Packs files as a zip with .NET.</summary>
    public static byte[] ZipByDotNet(IEnumerable<(string Name, byte[] Content)> files, Random random)
    {
        var packed = new MemoryStream();
        // In a stream that cannot seek, the writer puts sizes behind the data.
        using (var zip = new ZipArchive(random.Next(3) == 0 ? new ForwardOnly(packed) : packed, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
        {
            foreach ((string name, byte[] content) in files)
            {
                ZipArchiveEntry entry = zip.CreateEntry(name, Levels[random.Next(Levels.Length)]);
                entry.LastWriteTime = Written;
                using Stream stream = entry.Open();
                stream.Write(content);
            }
        }

        return packed.ToArray();
    }

    private static void AddMember(MemoryStream packed, ReadOnlySpan<byte> content, Random random)
    {
        using var gzip = new GZipStream(packed, Levels[random.Next(Levels.Length)], leaveOpen: true);
        gzip.Write(content);
    }

    private sealed class ForwardOnly(MemoryStream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Flush()
        {
        }
    }
}
