using FsCheck.Xunit;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.PixelCsv;

public sealed class HeaderSpellingProperties
{
    private static readonly string[] Words = ["nose", "eye", "left", "tip", "fox", "body", "ax", "ay", "v", "image", "pixel", "visible", "mouth", "corner", "lid"];

    private static readonly Func<string, char, string>[] Spellings =
    [
        (name, axis) => $"{name}.{axis}",
        (name, axis) => $"{name}-{char.ToUpperInvariant(axis)}",
        (name, axis) => $"{name} ({axis})",
        (name, axis) => $"{name} {char.ToUpperInvariant(axis)}",
        (name, axis) => $"{name}:{axis}",
        (name, axis) => $"{name}{char.ToUpperInvariant(axis)}",
        (name, axis) => $"{axis}_{name}",
        (name, axis) => $"{axis}.{name}",
        (name, axis) => $"{char.ToUpperInvariant(axis)} {name}",
    ];

    [Property(MaxTest = 100)]
    public async Task Every_spelling_of_the_same_names_gives_the_same_dataset_in_pairs_and_in_blocks(int seed)
    {
        var random = new Random(seed);
        string[] names = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => $"{Draw(random)}_{Draw(random)}").Distinct()];
        using PreparedForTest plain = await PreparedForTest.FromAsync(Table(names, (name, axis) => $"{name}_{axis}", isBlock: false));
        Assert.Equal(names, plain.Dataset.Manifest.Schema.Names);

        foreach (Func<string, char, string> spelling in Spellings)
        {
            using PreparedForTest prepared = await PreparedForTest.FromAsync(Table(names, spelling, isBlock: random.Next(2) == 0));
            Assert.Null(prepared.Report.Rejection);
            Assert.Equal(plain.Report.DatasetId, prepared.Report.DatasetId);
        }
    }

    [Property(MaxTest = 60)]
    public async Task Numbered_keypoints_have_the_same_names_in_every_spelling(byte count, bool isBlock)
    {
        string[] names = [.. Enumerable.Range(0, 1 + (count % 70)).Select(k => $"{k}")];
        using PreparedForTest plain = await PreparedForTest.FromAsync(Table(names, (name, axis) => $"{name}_{axis}", isBlock: false));

        foreach (Func<string, char, string> spelling in (Func<string, char, string>[])[.. Spellings, (name, axis) => $"{axis}{name}", (name, axis) => $"{name}{axis}"])
        {
            using PreparedForTest prepared = await PreparedForTest.FromAsync(Table(names, spelling, isBlock));
            Assert.Null(prepared.Report.Rejection);
            Assert.Equal(plain.Report.DatasetId, prepared.Report.DatasetId);
        }
    }

    private static string Draw(Random random) => Words[random.Next(Words.Length)];

    private static string Table(string[] names, Func<string, char, string> spelling, bool isBlock)
    {
        (string Name, char Axis, int Value)[] columns = [.. names.SelectMany((name, k) => ((string, char, int)[])[(name, 'x', (k % 6) + 1), (name, 'y', 3)])];
        columns = isBlock ? [.. columns.OrderBy(column => column.Axis)] : columns;
        return $"{string.Join(',', columns.Select(column => spelling(column.Name, column.Axis)))},Image\n"
            + $"{string.Join(',', columns.Select(column => column.Value))},{SmallTable.Image(5)}\n";
    }
}
