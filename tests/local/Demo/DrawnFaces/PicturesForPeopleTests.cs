using System.Text;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Demo;
using SkiaSharp;
using Spectre.Console;
using Xunit;

namespace KeypointPipeline.Local.Tests.Demo.DrawnFaces;

public sealed class PicturesForPeopleTests
{
    private static readonly KeypointSchema Schema = new(["left_eye", "right_eye", "nose"], 96, 96);

    [Fact]
    public void A_contact_sheet_has_a_dot_in_its_colour_at_each_keypoint()
    {
        using SKBitmap grey = Plain(50, 50, SKColors.Gray);
        ContactSheetCell[] cells = [new(grey, [new(39.5f, 9.5f), new(9.5f, 9.5f), new(24.5f, 29.5f)]),
            new(grey, [new(float.NaN, 0), new(9.5f, 9.5f), new(24.5f, 29.5f)])];
        using SKBitmap sheet = ContactSheet.Draw(cells, Schema, columns: 5, cellSize: 100);

        Assert.Equal((2 * 104 + 4, 108), (sheet.Width, sheet.Height));
        SKColor left = sheet.GetPixel(4 + 80, 4 + 20), right = sheet.GetPixel(4 + 20, 4 + 20),
            nose = sheet.GetPixel(4 + 50, 4 + 60);
        Assert.Equal(3, new HashSet<SKColor> { left, right, nose }.Count);
        Assert.DoesNotContain(SKColors.Gray, new[] { left, right, nose });
        Assert.Equal(SKColors.Gray, sheet.GetPixel(4 + 104 + 80, 4 + 20)); // Missing: no dot.
        Assert.Equal(right, sheet.GetPixel(4 + 104 + 20, 4 + 20));
    }

    [Fact]
    public void A_wide_picture_is_fitted_into_its_square()
    {
        using SKBitmap wide = Plain(100, 50, SKColors.Red);
        using SKBitmap sheet = ContactSheet.Draw(
            [new(wide, [new(49.5f, 24.5f), new(float.NaN, 0), new(float.NaN, 0)])], Schema, 1, 100);
        Assert.Equal(SKColors.Red, sheet.GetPixel(4 + 5, 4 + 50));
        Assert.NotEqual(SKColors.Red, sheet.GetPixel(4 + 5, 4 + 10));
        Assert.NotEqual(SKColors.Red, sheet.GetPixel(4 + 50, 4 + 50));
    }

    [Fact]
    public void A_picture_with_too_few_keypoints_is_refused()
    {
        using SKBitmap grey = Plain(50, 50, SKColors.Gray);
        Assert.Throws<ArgumentException>(() => ContactSheet.Draw([new(grey, [new(1, 1)])], Schema, 1, 100));
    }

    [Fact]
    public void A_group_picture_marks_every_face_with_its_keypoints_and_its_outline()
    {
        using SKBitmap photo = Plain(300, 200, SKColors.Gray);
        GroupPicture.Mark(
            photo,
            [
                new([new(79.5f, 49.5f), new(39.5f, 49.5f), new(59.5f, 69.5f)], new PictureBox(20, 20, 80, 80), IsDoubtful: false),
                new([new(259.5f, 149.5f), new(float.NaN, 0), new(239.5f, 169.5f)], new PictureBox(200, 110, 80, 80), IsDoubtful: true),
            ],
            Schema);

        Assert.Equal(photo.GetPixel(79, 49), photo.GetPixel(259, 149));
        Assert.Equal(3, new HashSet<SKColor> { photo.GetPixel(79, 49), photo.GetPixel(39, 49), photo.GetPixel(59, 69) }.Count);
        Assert.NotEqual(SKColors.Gray, photo.GetPixel(60, 20)); // The outline's upper side.
        Assert.Equal(SKColors.Gray, photo.GetPixel(150, 60)); // Between the faces.
        SKColor[] doubtful = [.. Enumerable.Range(200, 80).Select(x => photo.GetPixel(x, 110))];
        Assert.Contains(doubtful, pixel => pixel.Red > pixel.Blue + 60); // Amber,
        Assert.Contains(SKColors.Gray, doubtful); // and broken.
    }

    [Fact]
    public void A_terminal_shows_two_pixels_per_cell_in_their_colours()
    {
        using SKBitmap picture = Plain(4, 4, SKColors.Red);
        for (int x = 0; x < 4; x++)
            picture.SetPixel(x, 1, SKColors.Blue);
        using var terminal = new Terminal(isTerminal: true);

        Assert.True(TerminalPicture.Show(terminal.Console(), picture));
        string[] lines = terminal.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Equal(4, line.Count(c => c == '▀')));
        Assert.Contains("38;2;255;0;0;48;2;0;0;255m", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_picture_takes_at_most_eighty_columns_and_keeps_its_shape()
    {
        using SKBitmap picture = Plain(400, 200, SKColors.Green);
        using var terminal = new Terminal(isTerminal: true);
        Assert.True(TerminalPicture.Show(terminal.Console(), picture));
        string[] lines = terminal.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(20, lines.Length);
        Assert.All(lines, line => Assert.Equal(80, line.Count(c => c == '▀')));
    }

    [Fact]
    public void Redirected_output_gets_no_picture()
    {
        using SKBitmap picture = Plain(4, 4, SKColors.Red);
        using var terminal = new Terminal(isTerminal: false);
        Assert.False(TerminalPicture.Show(terminal.Console(), picture));
        Assert.Empty(terminal.Text);
    }

    private static SKBitmap Plain(int width, int height, SKColor colour)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Erase(colour);
        return bitmap;
    }

    private sealed class Terminal(bool isTerminal) : IAnsiConsoleOutput, IDisposable
    {
        private readonly StringWriter _writer = new();

        public string Text => _writer.ToString();

        public TextWriter Writer => _writer;

        public bool IsTerminal => isTerminal;

        public int Width => 120;

        public int Height => 50;

        public void SetEncoding(Encoding encoding) { }

        public void Dispose() => _writer.Dispose();

        public IAnsiConsole Console()
        {
            IAnsiConsole console = AnsiConsole.Create(
                new AnsiConsoleSettings { Out = this, Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.TrueColor });
            console.Profile.Capabilities.Unicode = true;
            return console;
        }
    }
}
