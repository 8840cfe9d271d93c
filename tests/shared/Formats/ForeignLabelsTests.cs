using System.Text;
using KeypointPipeline.Formats;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats;

public sealed class ForeignLabelsTests
{
    [Theory]
    [InlineData("a.json", "{\"info\": {}, \"licenses\": [], \"images\": [{\"id\": 1, \"file_name\": \"0.png\"}], \"annotations\": []}", null)]
    [InlineData("via.json", "{\"_via_settings\": {}, \"_via_img_metadata\": {}}", null)]
    [InlineData("via3.json", "{\"project\":{\"pid\":\"__VIA_PROJECT_ID__\",\"vid_list\":[\"1\"]},\"config\":{},\"metadata\":{}}", null)]
    [InlineData("ls.json", "[{\"id\": 1, \"annotations\": [{\"completed_by\": 1, \"result\": [{\"value\": {\"keypointlabels\": [\"nose\"]}}]}]}]", null)]
    [InlineData("me.json", "{\"version\": \"5.0\", \"flags\": {}, \"shapes\": []}", null)]
    [InlineData("training.xml", "<?xml version='1.0'?>\n<dataset>\n<name>faces</name>\n<images>\n", null)]
    [InlineData("cvat.xml", "\ufeff<?xml version=\"1.0\"?><annotations><version>1.1</version>", null)]
    [InlineData("voc.xml", "<annotation><folder>x</folder>", "Pascal VOC's XML")]
    [InlineData("voc.xml", "\ufeff<?xml version=\"1.0\"?>\n<annotation verified=\"yes\">", "Pascal VOC's XML")]
    [InlineData("image_0000.pts", "version: 1\nn_points: 5\n{\n1 2\n", null)]
    [InlineData("0.txt", "0 0.5 0.5 0.2 0.3 0.51 0.42 2\n", "a YOLO-pose label file without its data.yaml")]
    [InlineData("notes.txt", "Photos of May\n", null)]
    [InlineData("notes.csv", "file,remark\n0.png,good\n", null)]
    [InlineData("settings.json", "{\"theme\": \"dark\"}", null)]
    [InlineData("empty.json", "", null)]
    public void Only_formats_that_are_not_read_are_recognised_by_content(string name, string content, string? format) =>
        Assert.Equal(format, ForeignLabels.Recognise(name, Encoding.UTF8.GetBytes(content)));

    [Fact]
    public void Binary_formats_are_recognised_by_their_first_bytes()
    {
        Assert.Equal("HDF5, as DeepLabCut and SLEAP write it", ForeignLabels.Recognise("a.h5", [0x89, .. "HDF\r\n"u8, 0x1A, (byte)'\n']));
        Assert.Equal("an Excel workbook", ForeignLabels.Recognise("a.XLSX", "PK\u0003\u0004"u8));
        Assert.Equal("a MATLAB file", ForeignLabels.Recognise("a.mat", "MATLAB 5.0 MAT-file"u8));
        Assert.Equal("a Parquet table", ForeignLabels.Recognise("a.parquet", "PAR1"u8));
        Assert.Null(ForeignLabels.Recognise("a.json", [0, 1, 2, (byte)'{']));
    }
}
