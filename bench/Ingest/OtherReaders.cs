using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using CsvHelper;
using CsvHelper.Configuration;

namespace KeypointPipeline.Bench.Ingest;

/// <summary>The readers that the product's reader is compared with. Two of them parse and write pixels and coordinates to a file each, as
/// in the prepared format. They check nothing, hash nothing and find no duplicates.</summary>
internal static class OtherReaders
{
    /// <summary>Name of the file that pixels are written to.</summary>
    public const string Pixels = "pixels.u8";

    private const int BufferBytes = 256 * 1024;

    /// <summary>Reads fields with CsvHelper and every pixel with <see cref="byte.Parse(string)"/>.</summary>
    /// <param name="csv">The file.</param>
    /// <param name="folder">The folder of <see cref="Pixels"/> and the coordinates.</param>
    public static void CsvHelper(string csv, string folder)
    {
        using StreamReader text = File.OpenText(csv);
        using var reader = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture));
        using var target = new Target(folder);
        reader.Read();
        reader.ReadHeader();
        int image = reader.GetFieldIndex("Image");
        while (reader.Read())
        {
            for (int i = 0; i < image; i++)
                target.AddCoordinate(reader.GetField(i)!);
            target.AddPixels(reader.GetField(image)!);
        }
    }

    /// <summary>Reads fields and pixels with <see cref="string.Split(char, StringSplitOptions)"/>.</summary>
    /// <param name="csv">The file.</param>
    /// <param name="folder">The folder of <see cref="Pixels"/> and the coordinates.</param>
    public static void StringSplit(string csv, string folder)
    {
        using var target = new Target(folder);
        foreach (string line in File.ReadLines(csv).Skip(1))
        {
            string[] fields = line.Split(',');
            foreach (string field in fields.AsSpan(..^1))
                target.AddCoordinate(field);
            target.AddPixels(fields[^1]);
        }
    }

    /// <summary>Reads the file and adds up its bytes with vector instructions.</summary>
    public static long SumBytes(string csv)
    {
        using FileStream file = File.OpenRead(csv);
        return SumBytes(file);
    }

    /// <summary>Inflates the zip's only file and discards the bytes.</summary>
    /// <returns>Bytes inflated.</returns>
    public static long Inflate(string zip)
    {
        using ZipArchive archive = ZipFile.OpenRead(zip);
        using Stream content = archive.Entries[0].Open();
        byte[] buffer = new byte[BufferBytes];
        long bytes = 0;
        while (content.Read(buffer) is int read and > 0)
            bytes += read;
        return bytes;
    }

    private static long SumBytes(Stream content)
    {
        byte[] buffer = new byte[BufferBytes];
        long sum = 0;
        while (content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) is int read and > 0)
        {
            ReadOnlySpan<Vector<byte>> vectors = MemoryMarshal.Cast<byte, Vector<byte>>(buffer.AsSpan(0, read));
            Vector<uint> sums = Vector<uint>.Zero;
            foreach (Vector<byte> vector in vectors)
            {
                Vector.Widen(vector, out Vector<ushort> low, out Vector<ushort> high);
                Vector.Widen(low + high, out Vector<uint> first, out Vector<uint> second);
                sums += first + second;
            }

            sum += Vector.Sum(sums);
            foreach (byte value in buffer.AsSpan((vectors.Length * Vector<byte>.Count)..read))
                sum += value;
        }

        return sum;
    }

    private sealed class Target(string folder) : IDisposable
    {
        private readonly FileStream _pixels = new(Path.Combine(folder, Pixels), FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);
        private readonly FileStream _coordinates = new(Path.Combine(folder, "coordinates"), FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);

        public void AddCoordinate(string text)
        {
            float value = text.Length == 0 ? float.NaN : float.Parse(text, CultureInfo.InvariantCulture);
            _coordinates.Write(BitConverter.GetBytes(value));
        }

        public void AddPixels(string text)
        {
            foreach (string word in text.Split(' '))
                _pixels.WriteByte(byte.Parse(word, CultureInfo.InvariantCulture));
        }

        public void Dispose()
        {
            _pixels.Dispose();
            _coordinates.Dispose();
        }
    }
}
