using System.Globalization;
using System.Text;
using KeypointPipeline.Local.Demo.DrawnFaces;

namespace KeypointPipeline.Bench.Ingest;

/// <summary>Generates labelled rows in the shape of Kaggle's training.csv: 15 keypoints, of which two rows in three leave out eleven, and
/// 96×96 grey values, smooth with a little noise, so that they deflate about as photographs do. All rows differ.</summary>
/// <param name="seed">Seeds the rows.</param>
internal sealed class KaggleShapedRows(int seed)
{
    private const int Side = 96;
    private const int SparseKeypoints = 4;

    private static readonly byte[][] Texts =
        [.. Enumerable.Range(0, 256).Select(value => Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)))];

    private readonly Random _random = new(seed);
    private readonly byte[] _noise = new byte[Side * Side];

    /// <summary>The header row.</summary>
    public static byte[] Header { get; } = Encoding.UTF8.GetBytes(
        $"{string.Join(',', DrawnFace.KeypointNames.SelectMany(name => new[] { $"{name}_x", $"{name}_y" }))},Image\n");

    /// <summary>The most bytes of a row.</summary>
    public static int LargestRow { get; } = (Side * Side * 4) + (DrawnFace.KeypointNames.Count * 2 * 12) + 1;

    /// <summary>Writes the next row, with its line end.</summary>
    /// <param name="target">At least <see cref="LargestRow"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> target)
    {
        int at = 0;
        bool isSparse = _random.Next(3) > 0;
        for (int i = 0; i < DrawnFace.KeypointNames.Count * 2; i++)
        {
            if (!isSparse || i < SparseKeypoints * 2)
            {
                float coordinate = 10 + (75 * _random.NextSingle());
                coordinate.TryFormat(target[at..], out int written, "0.000000", CultureInfo.InvariantCulture);
                at += written;
            }

            target[at++] = (byte)',';
        }

        return at + WritePixels(target[at..]);
    }

    private int WritePixels(Span<byte> target)
    {
        _random.NextBytes(_noise);
        double phase = Math.Tau * _random.NextDouble();
        double light = 110 + (60 * _random.NextDouble());
        int at = 0;
        for (int y = 0; y < Side; y++)
        {
            double row = light + (45 * Math.Sin(phase + (y * 0.07)));
            for (int x = 0; x < Side; x++)
            {
                double slope = (x - (Side / 2)) * 0.4;
                int value = (int)(row + slope) + (_noise[(y * Side) + x] & 7);
                byte[] text = Texts[Math.Clamp(value, 0, 255)];
                text.CopyTo(target[at..]);
                at += text.Length;
                target[at++] = (byte)' ';
            }
        }

        target[at - 1] = (byte)'\n';
        return at;
    }
}
