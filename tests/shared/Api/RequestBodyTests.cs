using System.Reflection;
using KeypointPipeline.Api;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api;

/// <summary>What people read who send a body that cannot be used.</summary>
public sealed class RequestBodyTests
{
    private const string Next = " Correct it and send the request again.";

    [Theory]
    [InlineData("""{"force":"yes"}""", "force is \"yes\"; expected true or false.")]
    [InlineData("""{"force":null}""", "force is null; expected true or false.")]
    [InlineData("""{"FORCE":1}""", "FORCE is 1; expected true or false.")]
    [InlineData("""{"settings":{"epochs":"5"}}""", "settings.epochs is \"5\"; expected a whole number of at most 2,147,483,647.")]
    [InlineData("""{"settings":{"epochs":5.5}}""", "settings.epochs is 5.5; expected a whole number of at most 2,147,483,647.")]
    [InlineData("""{"settings":{"steps":3000000000}}""", "settings.steps is 3000000000; expected a whole number of at most 2,147,483,647.")]
    [InlineData("""{"settings":{"network":null}}""", "settings.network is null; expected text in quotes.")]
    [InlineData("""{"settings":{"network":{}}}""", "settings.network is {}; expected text in quotes.")]
    [InlineData("""{"settings":5}""", "settings is 5; expected an object, such as {\"epochs\": …}.")]
    [InlineData("""{"settings":{"epochz":5}}""", "settings.epochz is not known here. Possible: epochs, seed, network, batchSize, patience, steps.")]
    [InlineData("""{"epochs":5}""", "epochs is not known here. Possible: force, settings.")]
    [InlineData("null", "The body is null; expected an object, such as {\"force\": …}.")]
    [InlineData("[1]", "The body is [1]; expected an object, such as {\"force\": …}.")]
    public void A_body_with_other_content_names_the_member_what_was_given_and_what_is_expected(string body, string expected)
    {
        Assert.Equal(new ApiProblem("Invalid body", 400, expected + Next), Refusal(body));
    }

    [Theory]
    [InlineData("not JSON", "line 1, character 2")]
    [InlineData("{\"force\":true", "line 1, character 14")]
    [InlineData("{\n  \"ü\": tru }", "line 2, character 11")]
    [InlineData("{\n", "line 2, character 1")]
    [InlineData("""{"force":true,}""", "line 1, character 15")]
    [InlineData("force=true", "line 1, character 2")]
    public void A_body_that_is_not_JSON_says_where(string body, string place)
    {
        Assert.Equal($"The body is not JSON. The error is at {place}.{Next}", Refusal(body).Detail);
    }

    [Fact]
    public void A_long_value_is_shortened()
    {
        string detail = Refusal($$"""{"force":"{{new string('x', 1000)}}"}""").Detail;

        Assert.Contains("force is \"xxx", detail, StringComparison.Ordinal);
        Assert.Contains("xxx…; expected true or false", detail, StringComparison.Ordinal);
        Assert.True(detail.Length < 200, detail);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("{}")]
    [InlineData("""{"settings":null}""")]
    public void A_body_without_values_gives_the_defaults(string body) => Assert.Equal(new RetrainRequest(), RequestBody.Read<RetrainRequest>(body));

    [Fact]
    public void A_body_in_any_case_gives_its_values()
    {
        const string Body = """{"Force":true,"settings":{"epochs":null,"steps":70,"network":"ml-resnet"}}""";

        Assert.Equal(
            new RetrainRequest(Force: true, new TrainingSettings(Steps: 70, Network: "ml-resnet")), RequestBody.Read<RetrainRequest>(Body));
    }

    /// <summary>A type without a description would be a 500 for the person who sends another one.</summary>
    [Theory]
    [InlineData(typeof(RetrainRequest))]
    [InlineData(typeof(PromoteRequest))]
    public void Each_member_of_each_body_can_be_refused_without_a_name_from_the_code(Type request)
    {
        MethodInfo read = typeof(RequestBody).GetMethod(nameof(RequestBody.Read))!.MakeGenericMethod(request);

        foreach (string member in Members(request, ""))
        {
            string body = string.Concat(member.Split('.').Select(part => $"{{\"{part}\":")) + "[[]]" + new string('}', member.Split('.').Length);
            var error = Assert.IsType<ApiProblemException>(Assert.Throws<TargetInvocationException>(() => read.Invoke(null, [body])).InnerException);
            Assert.Matches($@"^{member} is \[\[\]\]; expected (true or false|a whole number|text|an object)", error.Problem.Detail);
        }
    }

    private static IEnumerable<string> Members(Type type, string prefix) =>
        from property in type.GetProperties()
        let name = prefix + char.ToLowerInvariant(property.Name[0]) + property.Name[1..]
        let bare = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType
        from member in bare.Namespace!.StartsWith("KeypointPipeline", StringComparison.Ordinal) ? Members(bare, $"{name}.").Prepend(name) : [name]
        select member;

    private static ApiProblem Refusal(string body) =>
        Assert.Throws<ApiProblemException>(() => RequestBody.Read<RetrainRequest>(body)).Problem;
}
