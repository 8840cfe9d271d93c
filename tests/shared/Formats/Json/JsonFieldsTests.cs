using System.Text.Json;
using KeypointPipeline.Formats.Json;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Json;

public sealed class JsonFieldsTests
{
    [Theory]
    [InlineData("""{"a": 1, "\ud800": 2}""")]
    [InlineData("""{"\ud800": 2, "a": 1}""")]
    [InlineData("""{"\ud800": 2, "a": 3, "\u0061": 1}""")]
    public void Half_of_a_surrogate_pair_in_a_name_hides_that_member_alone(string json)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(1, document.RootElement.FindNumber("a"));
        Assert.Null(document.RootElement.Find("b"));
    }

    [Theory]
    [InlineData("""{"a": null}""")]
    [InlineData("""{"\ud800": 2, "a": null}""")]
    [InlineData("""["a"]""")]
    [InlineData("1")]
    public void A_member_that_is_absent_or_null_is_not_found(string json)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Null(document.RootElement.Find("a"));
    }
}
