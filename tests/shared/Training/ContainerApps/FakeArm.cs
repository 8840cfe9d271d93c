using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using KeypointPipeline.Training.ContainerApps;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.Shared.Tests.Training.ContainerApps;

/// <summary>An HTTP server on loopback that behaves like Azure Resource Manager does for Container Apps jobs. Clients it gives out
/// can reach nothing else, whatever address they ask for.</summary>
internal sealed class FakeArm : IAsyncDisposable
{
    public const string Token = "token-of-the-test";

    private const string Subscription = "/subscriptions/00000000-0000-0000-0000-000000000001";
    private const string Jobs = $"{Subscription}/resourceGroups/rg/providers/Microsoft.App/jobs/";

    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, FakeJob> _jobs = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ArmRequest> _requests = new();
    private readonly ConcurrentDictionary<string, (JsonNode Answer, int Looks)> _operations = new(StringComparer.Ordinal);

    private FakeArm(WebApplication server)
    {
        _server = server;
        server.Run(AnswerAsync);
    }

    /// <summary>The cloud that this server belongs to.</summary>
    public AzureCloud Cloud { get; set; } = AzureCloud.Public;

    /// <summary>Answers to be given before the real ones, once each.</summary>
    public ConcurrentQueue<(int Status, string? RetryAfter)> Faults { get; } = new();

    /// <summary>Every answer is 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>Starts are accepted with 202, and named only after so many looks at the Location.</summary>
    public int LooksUntilStarted { get; set; }

    /// <summary>Where an accepted start can be looked at, if not here.</summary>
    public string? ForeignLocation { get; set; }

    /// <summary>Executions on one page of a list.</summary>
    public int PageSize { get; set; } = 100;

    public IReadOnlyList<ArmRequest> Requests => [.. _requests];

    private string Authority => Cloud.ResourceManager.GetLeftPart(UriPartial.Authority);

    public static async Task<FakeArm> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var arm = new FakeArm(builder.Build());
        await arm._server.StartAsync();
        return arm;
    }

    public FakeJob AddJob(string name, string workloadProfile)
    {
        var job = new FakeJob(name, Jobs + name, workloadProfile);
        _jobs[name] = job;
        return job;
    }

    public TrainerJobs JobsInOrder(params FakeJob[] jobs) => TrainerJobs.Parse(string.Join(", ", jobs.Select(job => job.Id)));

    /// <summary>A client whose requests all come here, and which does not wait between its tries.</summary>
    public ContainerAppsClient CreateClient(TimeProvider time)
    {
        var options = new ContainerAppsClientOptions { Transport = new HttpClientTransport(new ToLoopback(new Uri(_server.Urls.First()))) };
        options.Retry.Delay = TimeSpan.Zero;
        options.Retry.MaxDelay = TimeSpan.Zero;
        return new ContainerAppsClient(Cloud, new FixedToken(Cloud), time, options);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        string path = context.Request.Path.Value!;
        string body = await reader.ReadToEndAsync();
        _requests.Enqueue(new ArmRequest(
            context.Request.Method,
            context.Request.Headers[ToLoopback.Asked].ToString(),
            path,
            context.Request.QueryString.Value!,
            context.Request.Headers.Authorization.ToString(),
            body));
        if (IsDown)
            await RefuseAsync(context, 503, "ServiceUnavailable");
        else if (Faults.TryDequeue(out var fault))
            await RefuseAsync(context, fault.Status, "Fault", fault.RetryAfter);
        else if (_operations.TryGetValue(path, out var operation))
            await AnswerOperationAsync(context, path, operation.Answer, operation.Looks);
        else if (path.StartsWith(Jobs, StringComparison.Ordinal) && _jobs.TryGetValue(path[Jobs.Length..].Split('/')[0], out FakeJob? job))
            await AnswerJobAsync(context, job, [.. path[Jobs.Length..].Split('/').Skip(1)], body);
        else
            await RefuseAsync(context, 404, "ResourceNotFound");
    }

    private async Task AnswerJobAsync(HttpContext context, FakeJob job, string[] action, string body)
    {
        switch (context.Request.Method, action)
        {
            case ("GET", []):
                await WriteAsync(context, 200, job.ToJson());
                break;
            case ("POST", ["start"]):
                await StartAsync(context, job, body);
                break;
            case ("GET", ["executions"]):
                await ListAsync(context, job);
                break;
            case ("GET", ["executions", string name]) when job.Find(name) is FakeExecution execution:
                await job.OnLook(execution);
                await WriteAsync(context, 200, execution.ToJson());
                break;
            case ("POST", ["executions", string name, "stop"]) when job.Find(name) is FakeExecution execution:
                execution.StopRequested = true;
                context.Response.StatusCode = 202;
                break;
            default:
                await RefuseAsync(context, 404, "JobExecutionNotFound");
                break;
        }
    }

    private async Task StartAsync(HttpContext context, FakeJob job, string body)
    {
        if (job.Refusal is (int status, string code))
        {
            await RefuseAsync(context, status, code);
            return;
        }

        FakeExecution execution = job.Start(JsonNode.Parse(body)!.AsObject());
        JsonNode answer = new JsonObject { ["name"] = execution.Name, ["id"] = $"{job.Id}/executions/{execution.Name}" };
        if (LooksUntilStarted == 0)
        {
            await WriteAsync(context, 200, answer);
            return;
        }

        string path = $"{Subscription}/providers/Microsoft.App/locations/here/operationResults/{execution.Name}";
        _operations[path] = (answer, LooksUntilStarted);
        Accept(context, path);
    }

    private async Task AnswerOperationAsync(HttpContext context, string path, JsonNode answer, int looks)
    {
        if (looks > 1)
        {
            _operations[path] = (answer, looks - 1);
            Accept(context, path);
            return;
        }

        await WriteAsync(context, 200, answer);
    }

    private void Accept(HttpContext context, string path)
    {
        context.Response.StatusCode = 202;
        context.Response.Headers.Location = ForeignLocation ?? $"{Authority}{path}?api-version=2025-07-01";
        context.Response.Headers.RetryAfter = "7";
    }

    private async Task ListAsync(HttpContext context, FakeJob job)
    {
        int from = int.TryParse(context.Request.Query["$skiptoken"], out int token) ? token : 0;
        var executions = new JsonArray([.. job.Executions.Skip(from).Take(PageSize).Select(execution => execution.ToJson())]);
        var page = new JsonObject { ["value"] = executions };
        if (job.Executions.Count > from + PageSize)
            page["nextLink"] = $"{Authority}{context.Request.Path}?api-version=2025-07-01&$skiptoken={from + PageSize}";
        await WriteAsync(context, 200, page);
    }

    private static Task RefuseAsync(HttpContext context, int status, string code, string? retryAfter = null)
    {
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        var error = new JsonObject { ["code"] = code, ["message"] = $"{code} says no." };
        return WriteAsync(context, status, new JsonObject { ["error"] = error });
    }

    private static Task WriteAsync(HttpContext context, int status, JsonNode body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString());
    }

    private sealed class ToLoopback(Uri server) : DelegatingHandler(new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        /// <summary>Header with the host that the client asked for.</summary>
        public const string Asked = "x-asked";

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add(Asked, request.RequestUri!.Host);
            request.RequestUri = new Uri(server, request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class FixedToken(AzureCloud cloud) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            requestContext.Scopes is [string scope] && scope == $"{cloud.ResourceManager}.default"
                ? new AccessToken(Token, DateTimeOffset.MaxValue)
                : throw new InvalidOperationException($"Asked for {string.Join(' ', requestContext.Scopes)}.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}

/// <summary>A request as it arrived.</summary>
internal sealed record ArmRequest(string Method, string Host, string Path, string Query, string Authorization, string Body);
