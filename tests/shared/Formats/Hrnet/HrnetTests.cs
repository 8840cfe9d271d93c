using KeypointPipeline.Formats.Hrnet;
using KeypointPipeline.Images;
using KeypointPipeline.Shared.Tests.Formats.Compliance;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Hrnet;

public sealed class HrnetTests
{
    [Theory]
    [InlineData("image_name,scale,center_w,center_h,original_0_x,original_0_y", "0--Parade/a.jpg,0.4,50,60,31.5,18.25")]
    [InlineData("image_path,scale,box_size,center_w,center_h,original_0_x,original_0_y", "0--Parade/a.jpg,0.4,77,50,60,31.5,18.25")]
    public async Task The_box_is_the_square_that_HRNet_crops_and_points_have_their_numbers_as_names(string header, string row)
    {
        ReadLabels labels = await ReadAsync($"{header}\n{row}\n");

        Assert.Equal(["0"], labels.Keypoints);
        Assert.Equal([31.5f, 18.25f], labels.Pictures[0].Instances[0].Points);
        Assert.Equal(new PictureBox(0, 10, 100, 100), labels.Pictures[0].Instances[0].Box);
    }

    [Fact]
    public async Task Points_that_HRNet_leaves_out_are_missing_and_a_face_without_scale_is_bad()
    {
        ReadLabels labels = await ReadAsync(
            "image_name,scale,center_w,center_h,original_0_x,original_0_y,original_1_x,original_1_y\na.jpg,0.4,50,60,3,-1,4,5\na.jpg,0,50,60,3,1,4,5\n");

        Assert.Equal([float.NaN, float.NaN, 4f, 5f], labels.Pictures[0].Instances[0].Points);
        Assert.Equal("scale", labels.Pictures[0].Instances[1].Fault!.Column);
    }

    private static async Task<ReadLabels> ReadAsync(string table)
    {
        await using SampleSet set = await SampleSet.OpenAsync([("train.csv", Packing.Utf8(table))], [], TestContext.Current.CancellationToken);
        Assert.IsType<HrnetFormat>(Assert.Single(set.Recognised).Format);
        return await ReadLabels.FromAsync(set);
    }
}
