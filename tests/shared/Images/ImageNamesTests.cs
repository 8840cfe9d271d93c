using KeypointPipeline.Images;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images;

public sealed class ImageNamesTests
{
    [Theory]
    [InlineData("a.png")]
    [InlineData("a.JPE")]
    [InlineData("sub/a.jfif")]
    [InlineData("scan.pgm")]
    [InlineData("sub/without ending")]
    [InlineData("sub.folder/without ending")]
    [InlineData("IMG.0001")]
    [InlineData("portrait of J. Smith")]
    [InlineData("a.")]
    [InlineData("_READY.png")]
    [InlineData("../a.png")]
    public void A_file_with_an_image_ending_or_without_ending_is_meant_as_an_image(string name) => Assert.True(ImageNames.IsMeantAsImage(name));

    [Theory]
    [InlineData("a.gif")]
    [InlineData("scan.TIFF")]
    [InlineData("phone.heic")]
    public void An_image_of_a_format_that_is_not_read_is_meant_as_an_image_so_that_it_is_refused_with_a_reason(string name) =>
        Assert.True(ImageNames.IsMeantAsImage(name));

    [Theory]
    [InlineData("README.txt")]
    [InlineData("model.h5")]
    [InlineData("sub/labels.csv")]
    [InlineData("photos.tar.gz")]
    [InlineData("a.png~")]
    [InlineData("a.jpg.part")]
    public void A_file_with_another_ending_is_no_image(string name) => Assert.False(ImageNames.IsMeantAsImage(name));

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
    [InlineData("a.JPE", true)]
    [InlineData("sub/a.jfif", true)]
    [InlineData("a.ppm", true)]
    [InlineData("a", false)]
    [InlineData("a.gif", false)]
    [InlineData("jpg", false)]
    public void A_single_file_is_dropped_as_an_image_by_its_ending(string name, bool expected) =>
        Assert.Equal(expected, ImageNames.HasImageEnding(name));

    [Theory]
    [InlineData("photos.tar.gz", "photos.tar.gz is an archive of a kind that is not read; only .zip is. Unpack it and give the folder.")]
    [InlineData("photos.7z", "photos.7z is an archive of a kind that is not read; only .zip is. Unpack it and give the folder.")]
    [InlineData("labels.csv", "labels.csv is a table and holds no images. Give the folder, the zip or the image itself.")]
    [InlineData("labels.csv.gz", "labels.csv.gz is a table and holds no images. Give the folder, the zip or the image itself.")]
    [InlineData("model.h5", null)]
    public void A_file_that_is_no_image_is_described_by_its_name(string name, string? expected) => Assert.Equal(expected, ImageNames.DescribeOther(name));

    [Fact]
    public void Help_names_every_format_that_is_read() => Assert.Equal("JPEG, PNG, WebP, BMP, PGM or PPM", ImageNames.Formats);
}
