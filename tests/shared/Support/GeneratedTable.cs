using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>A table with random labels, images, groups and way of writing it as CSV.</summary>
/// <param name="Keypoints">Number of keypoints.</param>
/// <param name="Side">Side of the square images.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Style">Decides quotes, line ends and missing labels' text.</param>
public sealed record GeneratedTable(int Keypoints, int Side, IReadOnlyList<GeneratedRow> Rows, int Style)
{
    public static Arbitrary<GeneratedTable> Arbitrary { get; } = Arb.From(
        from keypoints in Gen.Choose(1, 4)
        from side in Gen.Choose(8, 12)
        from count in Gen.Choose(1, 12)
        from rows in Gen.ArrayOf(GeneratedRow.Generator(keypoints, side), count)
        from style in Gen.Choose(0, int.MaxValue)
        select new GeneratedTable(keypoints, side, rows, style));

    public IEnumerable<string> Names => Enumerable.Range(0, Keypoints).Select(k => $"point {k}");

    public byte[] ToCsv()
    {
        var choice = new Random(Style);
        var csv = new StringBuilder(choice.Next(2) == 0 ? "\uFEFF" : string.Empty);
        string lineEnd = choice.Next(2) == 0 ? "\n" : "\r\n";
        csv.AppendJoin(',', [.. Names.SelectMany(n => new[] { Write(n + "_x"), Write(n + "_y") }), Write("group"), Write("Image")]);
        foreach (GeneratedRow row in Rows)
        {
            csv.Append(lineEnd);
            csv.AppendJoin(',', [.. row.Coordinates.Select(c => Write(c is null ? Missing() : c.Value.ToString("R"))), Write(row.Group), Write(Pixels(row.Image))]);
        }

        return Encoding.UTF8.GetBytes(csv.Append(choice.Next(2) == 0 ? lineEnd : string.Empty).ToString());

        string Missing() => choice.Next(3) switch { 0 => "NaN", 1 => " ", _ => string.Empty };

        string Pixels(byte[] image) => string.Join(choice.Next(4) == 0 ? "  " : " ", image.Select(p => choice.Next(50) == 0 ? $"{p:000}" : $"{p}"));

        string Write(string field) => choice.Next(3) == 0 || field.AsSpan().IndexOfAny(",\"\n") >= 0
            ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : field;
    }

    public override string ToString() => Encoding.UTF8.GetString(ToCsv());
}

/// <summary>One row of a <see cref="GeneratedTable"/>.</summary>
/// <param name="Coordinates">x and y of each keypoint; null where missing.</param>
/// <param name="Group">Its group, which may hold quotes, commas and line ends.</param>
/// <param name="Image">Its pixels.</param>
public sealed record GeneratedRow(IReadOnlyList<float?> Coordinates, string Group, byte[] Image)
{
    public static Gen<GeneratedRow> Generator(int keypoints, int side) =>
        from labels in Gen.ArrayOf(Label(side), keypoints)
        from first in Gen.Choose(0, 1_000)
        from grp in Gen.Elements("", "anna", "b,c", "\"quoted\"", "two\nlines", "ü ñ")
        from image in Gen.ArrayOf(Gen.Choose(0, 255), side * side)
        select new GeneratedRow(
            [first / 1_000f, 1f, .. labels.Skip(1).SelectMany(l => l)], grp, [.. image.Select(p => (byte)p)]);

    private static Gen<float?[]> Label(int side) =>
        from missing in Gen.Choose(0, 2)
        from x in Gen.Choose(-400, (side * 1_000) - 600)
        from y in Gen.Choose(-400, (side * 1_000) - 600)
        select missing == 0 ? new float?[] { null, null } : [x / 1_000f, y / 1_000f];
}
