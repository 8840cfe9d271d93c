using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>The keypoints of a row that have labels, as in Kaggle's file.</summary>
internal enum KnownKeypoints
{
    /// <summary>All keypoints.</summary>
    All,

    /// <summary>Only the eye centres, the nose tip and the bottom lip.</summary>
    Four,

    /// <summary>Those four and some others.</summary>
    Some,
}

/// <summary>A drawn face as a row of the CSV.</summary>
internal sealed class DrawnFaceRow
{
    private const float ShareAll = 0.30f, ShareFour = 0.68f;

    private static readonly bool[] AlwaysKnown =
        [.. DrawnFace.KeypointNames.Select(
            name => name.EndsWith("eye_center", StringComparison.Ordinal) || name is "nose_tip" or "mouth_center_bottom_lip")];

    // "0 ", "1 ", … "255 ", prepared because most of the file consists of them.
    private static readonly byte[][] PixelTexts =
        [.. Enumerable.Range(0, 256).Select(value => Encoding.ASCII.GetBytes($"{value} "))];

    private readonly string[] _coordinates;
    private readonly byte[] _pixels;

    private DrawnFaceRow(KnownKeypoints known, string[] coordinates, byte[] pixels)
    {
        Known = known;
        _coordinates = coordinates;
        _pixels = pixels;
    }

    /// <summary>The CSV's first line, without its line end.</summary>
    public static string Header { get; } = string.Join(
        ',', DrawnFace.KeypointNames.Select(name => $"{name}_x,{name}_y").Append("Image"));

    /// <summary>The keypoints that have labels.</summary>
    public KnownKeypoints Known { get; }

    /// <summary>Draws a face and chooses which of its labels to keep.</summary>
    public static DrawnFaceRow Draw(ulong seed, int number, int side)
    {
        using var face = DrawnFace.Draw(seed, number, side);
        var random = FaceRandom.For(seed, "labels", number);
        float share = random.Between(0, 1);
        KnownKeypoints known = share < ShareAll ? KnownKeypoints.All
            : share < ShareAll + ShareFour ? KnownKeypoints.Four
            : KnownKeypoints.Some;
        int certainGap = random.Pick<int>([.. Enumerable.Range(0, AlwaysKnown.Length).Where(k => !AlwaysKnown[k])]);
        string[] coordinates = new string[2 * AlwaysKnown.Length];
        for (int k = 0; k < AlwaysKnown.Length; k++)
        {
            bool kept = AlwaysKnown[k] || known == KnownKeypoints.All
                || (known == KnownKeypoints.Some && k != certainGap && random.Chance(0.6f));
            coordinates[2 * k] = kept ? Text(face.Keypoints[k].X) : "";
            coordinates[(2 * k) + 1] = kept ? Text(face.Keypoints[k].Y) : "";
        }

        return new DrawnFaceRow(known, coordinates, GreyPixels(face.Picture));
    }

    /// <summary>Writes the row as a reader expects it, with its line end.</summary>
    public byte[] ToCsv() => ToCsv(_coordinates, _pixels);

    /// <summary>Writes the row without its last seven pixels.</summary>
    public byte[] WithPixelsMissing() => ToCsv(_coordinates, _pixels.AsSpan(0, _pixels.Length - 7));

    /// <summary>Writes the row with a typing error in the x coordinate of the nose tip.</summary>
    public byte[] WithTextForNumber()
    {
        string[] coordinates = [.. _coordinates];
        int column = 2 * DrawnFace.KeypointNames.ToList().IndexOf("nose_tip");
        coordinates[column] = coordinates[column].Insert(1, "x");
        return ToCsv(coordinates, _pixels);
    }

    private static byte[] ToCsv(string[] coordinates, ReadOnlySpan<byte> pixels)
    {
        using var row = new MemoryStream((pixels.Length * 4) + 512);
        row.Write(Encoding.ASCII.GetBytes(string.Join(',', coordinates)));
        row.WriteByte((byte)',');
        foreach (byte pixel in pixels)
            row.Write(PixelTexts[pixel]);
        row.Position--; // The line end replaces the last blank.
        row.WriteByte((byte)'\n');
        return row.ToArray();
    }

    private static string Text(float coordinate) => coordinate.ToString("0.####", CultureInfo.InvariantCulture);

    private static byte[] GreyPixels(SKBitmap picture)
    {
        ReadOnlySpan<uint> colours = MemoryMarshal.Cast<byte, uint>(picture.GetPixelSpan());
        byte[] grey = new byte[colours.Length];
        for (int i = 0; i < grey.Length; i++)
            grey[i] = Photograph.Grey((int)(colours[i] & 255), (int)((colours[i] >> 8) & 255), (int)((colours[i] >> 16) & 255));
        return grey;
    }
}
