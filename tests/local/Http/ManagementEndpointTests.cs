using System.Net;
using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.TestSupport;
using Xunit;
using static KeypointPipeline.Local.Tests.Http.HttpBodies;

namespace KeypointPipeline.Local.Tests.Http;

/// <summary>The answers that Microsoft documents for Durable Functions' HTTP API.</summary>
public sealed class ManagementEndpointTests(HttpHost host)
{
    private const string Instances = ManagementRoutes.Instances;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_instance_is_202_with_where_and_when_to_ask_again()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        string id = await host.StartWaitingAsync("running ü", Cancel);
        string address = $"{Instances}/{Uri.EscapeDataString(id)}?showInput=true";

        using HttpResponseMessage response = await http.GetAsync(address, Cancel);
        JsonElement body = await response.ReadJsonAsync(Cancel);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(new Uri(http.BaseAddress!, address), response.Headers.Location);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
        Assert.Equal(
            ["name", "instanceId", "runtimeStatus", "input", "customStatus", "output", "createdTime", "lastUpdatedTime"],
            body.EnumerateObject().Select(member => member.Name));
        Assert.Equal("Retrain", body.GetProperty("name").GetString());
        Assert.Equal(id, body.GetProperty("instanceId").GetString());
        Assert.Equal("Running", body.GetProperty("runtimeStatus").GetString());
        Assert.Equal("a test", body.GetProperty("input").GetProperty("reason").GetString());
        Assert.Equal("waiting", body.GetProperty("customStatus").GetProperty("stage").GetString());
        Assert.Equal(JsonValueKind.Null, body.GetProperty("output").ValueKind);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", body.GetProperty("createdTime").GetString()!);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", body.GetProperty("lastUpdatedTime").GetString()!);
    }

    [Fact]
    public async Task A_completed_instance_is_200_with_its_output()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        string id = await host.StartEndedAsync("completed", "\"done\"", Cancel);

        using HttpResponseMessage response = await http.GetAsync($"{Instances}/{id}", Cancel);
        JsonElement body = await response.ReadJsonAsync(Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Headers.Location);
        Assert.Equal("Completed", body.GetProperty("runtimeStatus").GetString());
        Assert.Equal("\"done\"", body.GetProperty("output").GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("?returnInternalServerErrorOnFailure=false", HttpStatusCode.OK)]
    [InlineData("?returnInternalServerErrorOnFailure=true", HttpStatusCode.InternalServerError)]
    public async Task A_failed_instance_is_200_or_500_where_the_client_asks_for_it(string query, HttpStatusCode expected)
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        string id = await host.StartEndedAsync($"failed{query.Length}", "\"fail\"", Cancel);

        using HttpResponseMessage response = await http.GetAsync($"{Instances}/{id}{query}", Cancel);
        JsonElement body = await response.ReadJsonAsync(Cancel);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("Failed", body.GetProperty("runtimeStatus").GetString());
        Assert.Contains("told to fail", body.GetProperty("output").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_input_is_null_where_it_is_not_wanted()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        string id = await host.StartWaitingAsync("no-input", Cancel);

        using HttpResponseMessage response = await http.GetAsync($"{Instances}/{id}?showInput=false", Cancel);

        Assert.Equal(JsonValueKind.Null, (await response.ReadJsonAsync(Cancel)).GetProperty("input").ValueKind);
    }

    [Fact]
    public async Task A_terminated_instance_is_200_says_why_and_takes_nothing_more()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        string id = await host.StartWaitingAsync("terminated", Cancel);

        using HttpResponseMessage terminate = await http.PostAsync($"{Instances}/{id}/terminate?reason=no%20longer%20needed", null, Cancel);
        using HttpResponseMessage after = await http.GetAsync($"{Instances}/{id}", Cancel);
        using HttpResponseMessage again = await http.PostAsync($"{Instances}/{id}/terminate", null, Cancel);
        using HttpResponseMessage late = await http.PostAsync($"{Instances}/{id}/raiseEvent/go", Json("1"), Cancel);
        JsonElement body = await after.ReadJsonAsync(Cancel);

        Assert.Equal(HttpStatusCode.Accepted, terminate.StatusCode);
        Assert.Empty(await terminate.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal("Terminated", body.GetProperty("runtimeStatus").GetString());
        Assert.Equal("no longer needed", body.GetProperty("output").GetString());
        await again.AssertProblemAsync(410, "has ended", Cancel);
        await late.AssertProblemAsync(410, "has ended", Cancel);
    }

    [Fact]
    public async Task An_event_reaches_the_instance_as_it_was_sent()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        string id = await host.StartWaitingAsync("event", Cancel);

        using HttpResponseMessage raised = await http.PostAsync($"{Instances}/{id}/raiseEvent/go", Json("""{"a": [1, "ü"]}"""), Cancel);
        Assert.Equal(HttpStatusCode.Accepted, raised.StatusCode);
        Assert.Empty(await raised.Content.ReadAsStringAsync(Cancel));

        LocalHost local = await host.HostAsync(Cancel);
        await Eventually.EndedAsync(local.Workflows, id);
        using HttpResponseMessage response = await http.GetAsync($"{Instances}/{id}", Cancel);
        Assert.Equal(
            """{"a": [1, "ü"]}""", (await response.ReadJsonAsync(Cancel)).GetProperty("output").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task An_event_that_is_not_JSON_is_refused()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        string id = await host.StartWaitingAsync("bad-event", Cancel);

        using HttpResponseMessage text = await http.PostAsync($"{Instances}/{id}/raiseEvent/go", new StringContent("1"), Cancel);
        using HttpResponseMessage broken = await http.PostAsync($"{Instances}/{id}/raiseEvent/go", Json("{"), Cancel);

        await text.AssertProblemAsync(400, "application/json", Cancel);
        await broken.AssertProblemAsync(400, "not JSON", Cancel);
    }

    [Fact]
    public async Task An_unknown_instance_is_404_everywhere()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        HttpResponseMessage[] responses =
        [
            await http.GetAsync($"{Instances}/nobody", Cancel),
            await http.DeleteAsync($"{Instances}/nobody", Cancel),
            await http.PostAsync($"{Instances}/nobody/terminate", null, Cancel),
            await http.PostAsync($"{Instances}/nobody/raiseEvent/go", Json("1"), Cancel),
        ];

        foreach (HttpResponseMessage response in responses)
        {
            await response.AssertProblemAsync(404, "no instance 'nobody'", Cancel);
            response.Dispose();
        }
    }

    [Fact]
    public async Task Purging_deletes_an_ended_instance_and_leaves_a_running_one()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        string ended = await host.StartEndedAsync("purge-ended", "1", Cancel);
        string running = await host.StartWaitingAsync("purge-running", Cancel);

        using HttpResponseMessage first = await http.DeleteAsync($"{Instances}/{ended}", Cancel);
        using HttpResponseMessage second = await http.DeleteAsync($"{Instances}/{ended}", Cancel);
        using HttpResponseMessage kept = await http.DeleteAsync($"{Instances}/{running}", Cancel);

        Assert.Equal("""{"instancesDeleted":1}""", await first.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.NotFound, second.StatusCode);
        Assert.Equal("""{"instancesDeleted":0}""", await kept.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Purging_many_takes_the_ended_ones_that_match()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        await host.StartEndedAsync("many-1", "1", Cancel);
        await host.StartEndedAsync("many-2", "\"fail\"", Cancel);
        await host.StartEndedAsync("many-3", "1", Cancel);
        await host.StartWaitingAsync("many-4", Cancel);
        const string Many = $"{Instances}?instanceIdPrefix=many-&createdTimeFrom=2020-01-01T00:00:00Z";

        using HttpResponseMessage failed = await http.DeleteAsync($"{Many}&runtimeStatus=Failed", Cancel);
        using HttpResponseMessage rest = await http.DeleteAsync($"{Many}&top=1", Cancel);
        using HttpResponseMessage none = await http.DeleteAsync(Many, Cancel);
        using HttpResponseMessage unbounded = await http.DeleteAsync($"{Instances}?instanceIdPrefix=many-", Cancel);
        using HttpResponseMessage left = await http.GetAsync(Many, Cancel);

        Assert.Equal("""{"instancesDeleted":1}""", await failed.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("""{"instancesDeleted":2}""", await rest.Content.ReadAsStringAsync(Cancel));
        await none.AssertProblemAsync(404, "No ended instance", Cancel);
        await unbounded.AssertProblemAsync(400, "createdTimeFrom", Cancel);
        Assert.Equal("many-4", (await left.ReadJsonAsync(Cancel)).EnumerateArray().Single().GetProperty("instanceId").GetString());
    }

    [Fact]
    public async Task A_listing_is_cut_into_pages_that_hold_each_instance_once_newest_first()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        for (int number = 1; number <= 5; number++)
            await host.StartWaitingAsync($"page-{number}", Cancel);

        var seen = new List<string>();
        var sizes = new List<int>();
        string? continuation = null;
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Instances}?instanceIdPrefix=page-&top=2");
            if (continuation is not null)
                request.Headers.Add("x-ms-continuation-token", continuation);
            using HttpResponseMessage response = await http.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            List<string> page = [.. (await response.ReadJsonAsync(Cancel)).EnumerateArray().Select(i => i.GetProperty("instanceId").GetString()!)];
            seen.AddRange(page);
            sizes.Add(page.Count);
            continuation = response.Headers.TryGetValues("x-ms-continuation-token", out var values) ? values.Single() : null;
        }
        while (continuation is not null);

        Assert.Equal(["page-5", "page-4", "page-3", "page-2", "page-1"], seen);
        Assert.Equal([2, 2, 1], sizes);
    }

    [Fact]
    public async Task A_listing_is_filtered_by_status_and_time()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        await host.StartEndedAsync("filter-completed", "1", Cancel);
        await host.StartEndedAsync("filter-failed", "\"fail\"", Cancel);
        await host.StartWaitingAsync("filter-running", Cancel);

        async Task<string[]> List(string query)
        {
            using HttpResponseMessage response = await http.GetAsync($"{Instances}?instanceIdPrefix=filter-&{query}", Cancel);
            return [.. (await response.ReadJsonAsync(Cancel)).EnumerateArray().Select(i => i.GetProperty("instanceId").GetString()!).Order()];
        }

        Assert.Equal(["filter-completed", "filter-failed", "filter-running"], await List(""));
        Assert.Equal(["filter-completed", "filter-running"], await List("runtimeStatus=Completed,Running"));
        Assert.Equal(["filter-completed", "filter-running"], await List("runtimeStatus=Completed&runtimeStatus=Running"));
        Assert.Equal(["filter-failed"], await List("runtimeStatus=failed"));
        Assert.Empty(await List("createdTimeTo=2020-01-01T00:00:00Z"));
        Assert.Empty(await List("createdTimeFrom=2999-01-01"));
        Assert.Equal(3, (await List("createdTimeFrom=2020-01-01T00:00:00%2B02:00&createdTimeTo=2999-01-01")).Length);
    }

    [Theory]
    [InlineData("top=0", "from 1 to 1000")]
    [InlineData("top=many", "from 1 to 1000")]
    [InlineData("runtimeStatus=Sleeping", "Pending, Running")]
    [InlineData("runtimeStatus=1", "Pending, Running")]
    [InlineData("createdTimeFrom=yesterday", "2026-11-23T17:00:00Z")]
    [InlineData("showInput=perhaps", "true or false")]
    public async Task A_query_that_cannot_be_read_is_400_and_says_what_is_expected(string query, string expected)
    {
        using HttpClient http = await host.ClientAsync(Cancel);

        using HttpResponseMessage response = await http.GetAsync($"{Instances}?{query}", Cancel);

        await response.AssertProblemAsync(400, expected, Cancel);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("MTo=")]
    [InlineData("OTk5OTk5OTk5OTk5OTk5OTk5OTow")]
    public async Task A_continuation_token_of_somebody_else_is_400(string token)
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        http.DefaultRequestHeaders.Add("x-ms-continuation-token", token);

        using HttpResponseMessage response = await http.GetAsync(Instances, Cancel);

        await response.AssertProblemAsync(400, "x-ms-continuation-token", Cancel);
    }
}
