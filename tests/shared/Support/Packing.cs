using System.IO.Compression;
using System.Text;

namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>Packs bytes as users do.</summary>
internal static class Packing
{
    public static byte[] Gzip(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(content);
        return packed.ToArray();
    }

    public static byte[] Zip(params (string Name, byte[] Content)[] files) => Zip(CompressionLevel.Optimal, files);

    /// <summary>A zip that does not compress.</summary>
    public static byte[] Stored(params (string Name, byte[] Content)[] files) => Zip(CompressionLevel.NoCompression, files);

    private static byte[] Zip(CompressionLevel level, (string Name, byte[] Content)[] files)
    {
        var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in files)
            {
                using Stream entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }

        return packed.ToArray();
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
