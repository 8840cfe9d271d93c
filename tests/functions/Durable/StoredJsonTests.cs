using System.Text.Json;
using KeypointPipeline.Functions.Durable;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Durable;

public sealed class StoredJsonTests
{
    [Fact]
    public void The_reason_of_a_termination_over_HTTP_is_text_and_read_as_text() =>
        Assert.Equal("not needed", StoredJson.Read("not needed")!.Value.GetString());

    [Fact]
    public void Json_is_read_as_what_it_is()
    {
        Assert.Equal(7, StoredJson.Read("""{"epoch":7}""")!.Value.GetProperty("epoch").GetInt32());
        Assert.Equal(JsonValueKind.String, StoredJson.Read("\"done\"")!.Value.ValueKind);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Nothing_stays_nothing(string? text) => Assert.Null(StoredJson.Read(text));
}
