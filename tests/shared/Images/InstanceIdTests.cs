using KeypointPipeline.Images;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images;

public sealed class InstanceIdTests
{
    [Theory]
    [InlineData("", 1, "99aa06d3014798d8-1")]
    [InlineData("abc", 12, "06b05ab6733a6185-12")]
    public void An_id_is_the_start_of_the_pictures_XXH128_and_a_number(string picture, int number, string expected) =>
        Assert.Equal(expected, InstanceId.Of(System.Text.Encoding.UTF8.GetBytes(picture), number));
}
