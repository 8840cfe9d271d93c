using System.Globalization;
using FsCheck.Xunit;
using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.PixelCsv;

public sealed class WrittenPixelsTests
{
    private static readonly Func<string[], string>[] Spellings =
    [
        pixels => string.Join(' ', pixels),
        pixels => $"[{string.Join(", ", pixels)}]",
        pixels => $"[{string.Join(' ', pixels)}]",
        pixels => $"[ {string.Join("\n ", pixels.Chunk(18).Select(line => string.Join(' ', line)))}]",
        pixels => $"({string.Join(", ", pixels)})",
        pixels => string.Join(',', pixels),
        pixels => string.Join(',', pixels) + ",",
        pixels => string.Join(' ', pixels.Select(pixel => pixel + ".0")),
        pixels => $"[{string.Join(" ", pixels.Select(pixel => pixel + "."))}]",
        pixels => string.Join(' ', pixels.Select(pixel => double.Parse(pixel, CultureInfo.InvariantCulture).ToString("0.00e+00", CultureInfo.InvariantCulture))),
        pixels => $"[{string.Join(", ", pixels.Select(pixel => $"'{pixel}'"))}]",
        pixels => $"[{string.Join(", ", pixels.Chunk(8).Select(line => $"[{string.Join(", ", line)}]"))}]",
        pixels => $"[{string.Join("\n ", pixels.Chunk(8).Select(line => $"[{string.Join(' ', line)}]"))}]",
        pixels => $"[{string.Join(", ", pixels.Chunk(8).Select(line => $"[{string.Join(", ", line.Select(pixel => $"[{pixel}]"))}]"))}]",
    ];

    [Property(MaxTest = 60)]
    public async Task Every_spelling_of_the_same_pixels_gives_the_same_dataset(int seed)
    {
        var random = new Random(seed);
        string[][] images = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 64).Select(_ => $"{random.Next(100)}").ToArray())];
        var ids = new HashSet<string?>();
        foreach (Func<string[], string> spelling in Spellings)
        {
            using PreparedForTest prepared = await PreparedForTest.FromAsync(
                "nose_x,Image,nose_y\n" + string.Concat(images.Select((image, i) => $"{i},\"{spelling(image)}\",2\n")));
            Assert.Null(prepared.Report.Rejection);
            ids.Add(prepared.Report.DatasetId);
        }

        Assert.Single(ids);
    }

    [Fact]
    public async Task Arrays_as_NumPy_prints_them_may_span_hundreds_of_lines()
    {
        string printed = $"[{string.Join("\n ", SmallTable.Image(7, 96 * 96).Split(' ').Chunk(18).Select(line => string.Join(' ', line.Select(pixel => pixel.PadLeft(3)))))}]";

        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"{SmallTable.Header}\n1,2,\"{printed}\"\n3,4,\"{printed}\"\n");

        Assert.Equal(new FrameSize(96, 96), prepared.Report.Frame);
        Assert.Equal([3f, 4f], prepared.Dataset.Keypoints(1).ToArray());
        Assert.Equal(SmallTable.Image(7, 96 * 96), string.Join(' ', prepared.Dataset.Image(1).ToArray()));
    }

    [Fact]
    public async Task Commas_need_no_quotes_in_the_last_column()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"{SmallTable.Header}\n" + string.Concat(Enumerable.Range(0, 5).Select(i => SmallTable.Row(i).Replace(' ', ',') + "\n")));
        using PreparedForTest plain = await PreparedForTest.FromAsync(SmallTable.With(5));

        Assert.Equal(plain.Report.DatasetId, prepared.Report.DatasetId);
    }

    [Fact]
    public async Task Lines_in_brackets_state_a_frame_that_is_not_square()
    {
        string lines = string.Join(", ", SmallTable.Image(1, 128).Split(' ').Chunk(16).Select(line => $"[{string.Join(", ", line)}]"));

        using PreparedForTest prepared = await PreparedForTest.FromAsync($"{SmallTable.Header}\n15,7,\"[{lines}]\"\n");

        Assert.Equal(new FrameSize(16, 8), prepared.Report.Frame);
    }

    [Theory]
    [InlineData("[12 34 56 ... 7 8 9]", RowProblemKind.PixelCount, "NumPy shortened the array with '...' when it was printed, so pixels are lost: write every pixel, for example ' '.join(map(str, image.ravel()))")]
    [InlineData("[1, 2, 3", RowProblemKind.PixelValue, "the list of pixels has no closing bracket: whole numbers from 0 to 255 are expected")]
    [InlineData("[1, 2.5]", RowProblemKind.PixelValue, "pixel 2 is '2.5': whole numbers from 0 to 255 are expected")]
    [InlineData("[0.1, 0.5]", RowProblemKind.PixelValue, "pixel 1 is '0.1': whole numbers from 0 to 255 are expected. Multiply pixels from 0 to 1 by 255")]
    [InlineData("1,,2", RowProblemKind.PixelValue, "pixel 2 is ',': whole numbers from 0 to 255 are expected")]
    [InlineData("1 2,3", RowProblemKind.PixelValue, "pixel 3 is ',': whole numbers from 0 to 255 are expected")]
    [InlineData("1 [2] 3", RowProblemKind.PixelValue, "pixel 2 is '[': whole numbers from 0 to 255 are expected")]
    [InlineData("[1] 2", RowProblemKind.PixelValue, "pixel 2 is '2': whole numbers from 0 to 255 are expected")]
    [InlineData("]1", RowProblemKind.PixelValue, "pixel 1 is ']': whole numbers from 0 to 255 are expected")]
    [InlineData("[]", RowProblemKind.PixelValue, "pixel 1 is ']': whole numbers from 0 to 255 are expected")]
    [InlineData("[[[[1]]]]", RowProblemKind.PixelValue, "pixel 1 is '[': whole numbers from 0 to 255 are expected")]
    [InlineData("faces/0.PNG", RowProblemKind.PixelValue, "'faces/0.PNG' is the name of an image file. A table that names image files is read together with them. Put the table and the image files into one folder or zip, and use that")]
    public async Task Pixels_that_cannot_be_read_are_refused_with_the_cause(string pixels, RowProblemKind kind, string text)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            SmallTable.With(1, $"1,2,\"{pixels}\""), new DatasetOptions { MaximumBadShare = 0.5 });

        Assert.Equal((kind, $"training.csv row 2, column Image: {text}"), (prepared.OnlyProblem.Kind, prepared.OnlyProblem.Message));
    }
}
