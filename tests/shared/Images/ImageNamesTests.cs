using KeypointPipeline.Images;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images;

public sealed class ImageNamesTests
{
    [Theory]
    [InlineData("a.png")]
    [InlineData("sub/without ending")]
    [InlineData("notes.txt")]
    [InlineData("_READY.png")]
    [InlineData("../a.png")]
    public void Every_file_of_a_set_that_is_not_hidden_is_meant_as_an_image(string name) => Assert.True(ImageNames.IsMeantAsImage(name));

    [Theory]
    [InlineData("")]
    [InlineData("_READY")]
    [InlineData("sub/_READY")]
    [InlineData("sub/")]
    [InlineData(".DS_Store")]
    [InlineData("__MACOSX/._a.png")]
    [InlineData("sub/Thumbs.db")]
    [InlineData("Desktop.ini")]
    public void The_marker_and_hidden_files_are_not(string name) => Assert.False(ImageNames.IsMeantAsImage(name));

    [Theory]
    [InlineData("a.jpg", true)]
    [InlineData("a.JPEG", true)]
    [InlineData("a.png", true)]
    [InlineData("a.WebP", true)]
    [InlineData("a.bmp", true)]
    [InlineData("a.gif", false)]
    [InlineData("jpg", false)]
    public void A_single_file_is_dropped_as_an_image_by_its_ending(string name, bool expected) =>
        Assert.Equal(expected, ImageNames.HasImageEnding(name));

    [Fact]
    public void Help_names_every_format_that_is_read() => Assert.Equal("JPEG, PNG, WebP or BMP", ImageNames.Formats);
}
