using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using KeypointPipeline.Images;
using KeypointPipeline.Shared.Tests.Support;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images.Codecs;

/// <summary>PGM and PPM files in all four forms.</summary>
public sealed class NetpbmTests
{
    private static readonly string[] Blanks = [" ", "\n", "\t", "\r\n", "  ", "\n# a comment\n", " # width next\n ", "\n#\n#P5 9 9 255\n"];

    private readonly ImageDecoder _decoder = new();

    [Property(MaxTest = 150)]
    public Property Every_form_gives_the_frame_and_the_picture_of_the_same_pixels_in_a_png() => Prop.ForAll(
        Gen.Choose(1, 40).Two().ToArbitrary(),
        Gen.Elements(1, 3, 15, 100, 254, 255, 256, 1023, 4095, 65535).ToArbitrary(),
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        (size, largest, seed) =>
        {
            foreach (char form in "2356")
            {
                var random = new System.Random(seed);
                var image = Netpbm.Draw(form, size.Item1, size.Item2, largest, random);
                byte[] png = TestImages.Encode(size.Item1, size.Item2, image.Colour, SKEncodedImageFormat.Png);
                byte[] file = image.Encode(() => Blanks[random.Next(Blanks.Length)], random.Next(2) == 0 ? "" : "\n");
                using Picture expected = _decoder.DecodePicture(png, 1, 100);
                using Picture picture = _decoder.DecodePicture(file, 1, 100);
                if (!_decoder.Decode(png, 16, 16).Frame.SequenceEqual(_decoder.Decode(file, 16, 16).Frame)
                    || !expected.ToJpeg(95).SequenceEqual(picture.ToJpeg(95)))
                    return false.Label($"P{form}, {size.Item1}×{size.Item2}, {largest}");
            }

            return true.ToProperty();
        });

    [Theory]
    [InlineData('2')]
    [InlineData('3')]
    [InlineData('5')]
    [InlineData('6')]
    public void A_file_cut_off_anywhere_is_refused(char form)
    {
        byte[] file = Netpbm.Draw(form, 9, 7, 1000, new System.Random(3)).Encode(() => "\n", end: "");
        // The last number of a text may be shorter than it was.
        int lastNumber = form is '2' or '3' ? Encoding.ASCII.GetString(file).LastIndexOf('\n') + 2 : file.Length;
        for (int length = 0; length < lastNumber; length++)
            Assert.NotEmpty(Refusal(file[..length]));
        Assert.Equal(
            $"The {(form is '2' or '5' ? "PGM" : "PPM")} file is cut off: it ends before the last of its 9×7 pixels.", Refusal(file[..^4]));
    }

    [Fact]
    public void A_known_file_has_known_pixels()
    {
        Assert.Equal<byte[]>([0, 64, 128, 255], Frame("P2\n# made by hand\n2 2 # size\n4\n0 1\n2 4\n"));
        Assert.Equal<byte[]>([76, 150, 29, 255], Frame("P3 2 2 255\n255 0 0  0 255 0\n0 0 255  255 255 255"));
        Assert.Equal<byte[]>([65, 66, 67, 10], Frame("P5 2 2 255\nABC\n"));
        Assert.Equal<byte[]>([35, 10, 13, 35], Frame("P5\n2\n2\n255\n#\n\r#"));
    }

    [Fact]
    public void What_stands_between_header_and_bytes_is_told_apart_by_the_length_of_the_file()
    {
        Assert.Equal<byte[]>([65, 66, 67, 68], Frame("P5 2 2 255\r\nABCD"));
        Assert.Equal<byte[]>([10, 66, 67, 68], Frame("P5 2 2 255\r\nBCD"));
        Assert.Equal<byte[]>([65, 66, 67, 68], Frame("P5 2 2 255\n# an old program's comment\nABCD"));
        Assert.Equal<byte[]>([65, 66, 67, 68], Frame("P5 2 2 255# comment\nABCD"));
        Assert.Equal<byte[]>([35, 66, 10, 68], Frame("P5 2 2 255\n#B\nD"));
    }

    [Theory]
    [InlineData("P5 2 2 255\nABCD\n\n")]
    [InlineData("P5 2 2 255\nABCD\0\0\0\0")]
    [InlineData("P2 2 2 9\n1 2 3 4\u001a")]
    [InlineData("P2 2 2 9\n1 2 3 4\n# that was all")]
    public void White_space_zeros_and_old_end_marks_may_follow(string content) => Assert.Equal(4, Frame(content).Length);

    [Theory]
    [InlineData("P5 2 2 255\nABCDP5 2 2 255\nABCD", "several images")]
    [InlineData("P2 2 2 9\n1 2 3 4\nP2 2 2 9\n1 2 3 4\n", "several images")]
    [InlineData("P5 2 2 255\nABCDEF", "2 bytes follow its last pixel")]
    [InlineData("P2 2 2 9\n1 2 3 4 5", "1 bytes follow its last pixel")]
    [InlineData("P5 2 2 100\nABC\u00ff", "a sample is 255, but its header states 100")]
    [InlineData("P2 2 2 9\n1 2 3 10", "a sample is 10, but its header states 9")]
    [InlineData("P2 2 2 9\n1 2 3 -4", "no sample")]
    [InlineData("P2 2 2 9\n1 2 3 4.5", "2 bytes follow")]
    [InlineData("P2 2 2 9\n1 2 x 4 5", "no sample")]
    [InlineData("P2 2 2 9\n1 2 99999999999999999999 4", "no sample")]
    [InlineData("P5 0 2 255\nAB", "the width 0; 1 to 100,000,000")]
    [InlineData("P5 2 -2 255\nAB", "no height")]
    [InlineData("P5 2 2 65536\nAB", "the maximum sample 65536; 1 to 65,535")]
    [InlineData("P5 2 2 0\nABCD", "the maximum sample 0")]
    [InlineData("P5 2 99999999999999999999 255\nAB", "no height")]
    [InlineData("P5 two 2 255\nAB", "no width")]
    [InlineData("P5 2 2 255!ABCD", "no white space")]
    [InlineData("P5\n# only a comment", "no width")]
    [InlineData("P5 20000 20000 255\nABCD", "20000×20000 pixels; at most 100,000,000")]
    [InlineData("P5 8000 8000 255\nABCD", "decompression bomb")]
    [InlineData("P2 3000 3000 255\nABCD", "cut off")]
    [InlineData("P1 2 2\n0 1 1 0", "PBM files are not supported")]
    [InlineData("P4 2 2\n0", "PBM files are not supported")]
    [InlineData("P7\nWIDTH 2", "PAM files are not supported")]
    [InlineData("P5x", "not an image")]
    [InlineData("P5", "not an image")]
    public void A_wrong_file_is_refused_with_what_is_wrong(string content, string expected) =>
        Assert.Contains(expected, Refusal(Encoding.Latin1.GetBytes(content)), StringComparison.Ordinal);

    private byte[] Frame(string content) => _decoder.Decode(Encoding.Latin1.GetBytes(content), 2, 2).Frame;

    private string Refusal(byte[] file) => Assert.Throws<ImageRejectedException>(() => _decoder.Decode(file, 16, 16)).Message;

    /// <summary>Samples, and how they are written.</summary>
    private sealed record Netpbm(char Form, int Width, int Height, int Largest, int[] Samples)
    {
        private int PerPixel => Form is '2' or '5' ? 1 : 3;

        public static Netpbm Draw(char form, int width, int height, int largest, System.Random random)
        {
            int samples = width * height * (form is '2' or '5' ? 1 : 3);
            return new Netpbm(form, width, height, largest, [.. Enumerable.Range(0, samples).Select(_ => random.Next(largest + 1))]);
        }

        public SKColor Colour(int x, int y)
        {
            int at = ((y * Width) + x) * PerPixel;
            return PerPixel == 1 ? new SKColor(Scaled(at), Scaled(at), Scaled(at)) : new SKColor(Scaled(at), Scaled(at + 1), Scaled(at + 2));
        }

        public byte[] Encode(Func<string> blank, string end)
        {
            bool isText = Form is '2' or '3';
            string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
            var file = new MemoryStream();
            file.Write(Encoding.ASCII.GetBytes($"P{Form}{blank()}{Number(Width)}{blank()}{Number(Height)}{blank()}{Number(Largest)}"));
            file.Write(Encoding.ASCII.GetBytes(isText ? "" : "\n"));
            foreach (int sample in Samples)
            {
                if (isText)
                    file.Write(Encoding.ASCII.GetBytes(blank() + Number(sample)));
                else if (Largest > 255)
                    file.Write([(byte)(sample >> 8), (byte)sample]);
                else
                    file.WriteByte((byte)sample);
            }

            file.Write(Encoding.ASCII.GetBytes(end));
            return file.ToArray();
        }

        private byte Scaled(int at) => (byte)Math.Round(Samples[at] * 255.0 / Largest, MidpointRounding.AwayFromZero);
    }
}
