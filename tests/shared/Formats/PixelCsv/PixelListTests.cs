using System.Globalization;
using System.Text;
using FsCheck.Xunit;
using KeypointPipeline.Formats.PixelCsv.Pixels;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.PixelCsv;

public sealed class PixelListTests
{
    private static readonly string[] Spaces = [" ", " ", " ", " ", " ", " ", "  ", "\t", " \t ", "\r\n"];
    private static readonly string[] Foreign = ["256", "1000", "-1", "1.5", "x", "12x", "٣"];

    [Property(MaxTest = 500)]
    public void Values_are_what_is_written_however_they_are_spaced(byte[] values, int seed)
    {
        string text = Write(values, new Random(seed));

        (byte[] pixels, int count, int fault) = Parse(text, room: values.Length);

        Assert.Equal((values.Length, -1), (count, fault));
        Assert.Equal(values, pixels);
    }

    [Property(MaxTest = 500)]
    public void The_first_word_that_is_no_pixel_is_found_where_it_starts(byte[] before, byte[] after, int seed)
    {
        var random = new Random(seed);
        string start = before.Length == 0 ? "" : Write(before, random).TrimEnd() + " ";
        string text = start + Foreign[random.Next(Foreign.Length)] + " " + Write(after, random);

        (byte[] pixels, int count, int fault) = Parse(text, room: before.Length + after.Length + 1);

        Assert.Equal((before.Length, start.Length), (count, fault));
        Assert.Equal(before, pixels[..before.Length]);
    }

    [Property(MaxTest = 200)]
    public void Values_without_room_are_counted(byte[] values, int seed, byte lacking)
    {
        int room = Math.Max(0, values.Length - lacking);

        (byte[] pixels, int count, int fault) = Parse(Write(values, new Random(seed)), room);

        Assert.Equal((values.Length, -1), (count, fault));
        Assert.Equal(values[..room], pixels);
    }

    [Theory]
    [InlineData(200, 1)]
    [InlineData(200, 10)]
    [InlineData(200, 100)]
    [InlineData(200, 255)]
    [InlineData(9216, 0)]
    public void Long_lists_of_one_width_are_read_whole(int length, byte value)
    {
        string text = string.Join(' ', Enumerable.Repeat(value, length));

        (byte[] pixels, int count, _) = Parse(text, length);

        Assert.Equal(length, count);
        Assert.All(pixels, pixel => Assert.Equal(value, pixel));
    }

    private static string Write(byte[] values, Random random)
    {
        var text = new StringBuilder();
        foreach (byte value in values)
            text.Append(random.Next(50) == 0 ? value.ToString("0000", CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture)).Append(random.Next(20) == 0 ? Spaces[random.Next(Spaces.Length)] : " ");
        return random.Next(2) == 0 ? text.ToString().TrimEnd() : text.ToString();
    }

    private static (byte[] Pixels, int Count, int Fault) Parse(string text, int room)
    {
        byte[] pixels = new byte[room];
        int count = PixelList.Parse(Encoding.UTF8.GetBytes(text), pixels, out int fault);
        return (pixels, count, fault);
    }
}
