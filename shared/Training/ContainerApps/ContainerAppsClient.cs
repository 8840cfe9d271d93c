using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Training.ContainerApps;

/// <summary>The five requests to Azure Resource Manager about a Container Apps job. Microsoft's library for them,
/// Azure.ResourceManager.AppContainers, is not on every feed, and it contains the whole resource provider.</summary>
public sealed class ContainerAppsClient
{
    /// <summary>A stable version of Microsoft.App/jobs, with the shapes of <c>Job</c>, <c>JobExecutionTemplate</c> and
    /// <c>JobExecution</c> taken from github.com/Azure/bicep-types-az at 1f896de, <c>generated/app_0/microsoft.app/2025-07-01</c>.</summary>
    public const string ApiVersion = "2025-07-01";

    /// <summary>How long an accepted start may take to get an execution.</summary>
    private static readonly TimeSpan AcceptPatience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan DefaultPollDelay = TimeSpan.FromSeconds(2);

    private readonly Uri _endpoint;
    private readonly HttpPipeline _pipeline;
    private readonly TimeProvider _time;

    /// <summary>Creates a client. Nothing is sent yet.</summary>
    /// <param name="cloud">The cloud that has the jobs.</param>
    /// <param name="credential">An identity with the role Container Apps Jobs Operator on the jobs.</param>
    /// <param name="time">The clock for waiting between two queries about an accepted start.</param>
    /// <param name="options">Transport and retries.</param>
    public ContainerAppsClient(
        AzureCloud cloud, TokenCredential credential, TimeProvider time, ContainerAppsClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(cloud);
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(time);
        _endpoint = cloud.ResourceManager;
        _time = time;
        _pipeline = HttpPipelineBuilder.Build(
            options ?? new ContainerAppsClientOptions(), new BearerTokenAuthenticationPolicy(credential, cloud.Scope));
    }

    /// <summary>A deployed job.</summary>
    /// <exception cref="RequestFailedException">The job does not exist (404), or the request was refused.</exception>
    public async Task<ContainerAppsJob> GetJobAsync(ResourceIdentifier job, CancellationToken cancellationToken)
    {
        using Response response = await SendAsync(RequestMethod.Get, UriOf(job), body: null, cancellationToken);
        return Read<ContainerAppsJob>(Successful(response));
    }

    /// <summary>Starts an execution of a job and waits until it has a name.</summary>
    /// <param name="job">The job.</param>
    /// <param name="template">Replaces the job's whole template (<see cref="TrainerTemplate"/>).</param>
    /// <param name="cancellationToken">Cancels the request, not the execution.</param>
    /// <returns>The execution's name.</returns>
    /// <exception cref="RequestFailedException">The start was refused.</exception>
    /// <exception cref="TimeoutException">The start was accepted, but has no execution after five minutes.</exception>
    public async Task<string> StartAsync(ResourceIdentifier job, JsonObject template, CancellationToken cancellationToken)
    {
        Response response = await SendAsync(
            RequestMethod.Post, UriOf(job, "start"), template.ToJsonString(PipelineJson.Compact), cancellationToken);
        long accepted = _time.GetTimestamp();
        try
        {
            // 202 means "not done yet". The Location header says where to ask again, and Retry-After when.
            while (Successful(response).Status == (int)HttpStatusCode.Accepted && LocationOf(response) is Uri location)
            {
                if (_time.GetElapsedTime(accepted) >= AcceptPatience)
                {
                    throw new TimeoutException(
                        $"The start of {job} was accepted but has no execution after {AcceptPatience.TotalMinutes:0} minutes.");
                }

                await Task.Delay(DelayOf(response), _time, cancellationToken);
                response.Dispose();
                response = await SendAsync(RequestMethod.Get, location, body: null, cancellationToken);
            }

            return Read<JobExecution>(response).Name
                ?? throw new InvalidOperationException(
                    $"The start of {job} was answered with {response.Status} but without an execution's name.");
        }
        finally
        {
            response.Dispose();
        }
    }

    /// <summary>One execution, or null if it does not exist or no longer exists.</summary>
    public async Task<JobExecution?> FindExecutionAsync(ResourceIdentifier job, string execution, CancellationToken cancellationToken)
    {
        using Response response = await SendAsync(
            RequestMethod.Get, UriOf(job, $"executions/{Uri.EscapeDataString(execution)}"), body: null, cancellationToken);
        return response.Status == (int)HttpStatusCode.NotFound ? null : Read<JobExecution>(Successful(response));
    }

    /// <summary>The executions that Azure still remembers.</summary>
    public async Task<IReadOnlyList<JobExecution>> ListExecutionsAsync(ResourceIdentifier job, CancellationToken cancellationToken)
    {
        var executions = new List<JobExecution>();
        Uri? next = UriOf(job, "executions");
        while (next is not null)
        {
            using Response response = await SendAsync(RequestMethod.Get, next, body: null, cancellationToken);
            JobExecutionPage page = Read<JobExecutionPage>(Successful(response));
            executions.AddRange(page.Value);
            next = page.NextLink is null ? null : Trusted(new Uri(_endpoint, page.NextLink));
        }

        return executions;
    }

    /// <summary>Asks an execution to stop. An execution that no longer exists counts as stopped.</summary>
    public async Task StopExecutionAsync(ResourceIdentifier job, string execution, CancellationToken cancellationToken)
    {
        using Response response = await SendAsync(
            RequestMethod.Post, UriOf(job, $"executions/{Uri.EscapeDataString(execution)}/stop"), body: null, cancellationToken);
        if (response.Status != (int)HttpStatusCode.NotFound)
            Successful(response);
    }

    private async Task<Response> SendAsync(RequestMethod method, Uri uri, string? body, CancellationToken cancellationToken)
    {
        using Request request = _pipeline.CreateRequest();
        request.Method = method;
        request.Uri.Reset(uri);
        request.Headers.Add(HttpHeader.Common.JsonAccept);
        if (body is not null)
        {
            request.Headers.Add(HttpHeader.Common.JsonContentType);
            request.Content = RequestContent.Create(BinaryData.FromString(body));
        }

        return await _pipeline.SendRequestAsync(request, cancellationToken);
    }

    private Uri UriOf(ResourceIdentifier job, string? action = null) =>
        new(_endpoint, $"{job}{(action is null ? "" : $"/{action}")}?api-version={ApiVersion}");

    private Uri? LocationOf(Response response) =>
        response.Headers.TryGetValue("Location", out string? location) ? Trusted(new Uri(_endpoint, location)) : null;

    // Every request carries the token, so no request may go to another host, whatever an answer says.
    private Uri Trusted(Uri uri) => uri.Scheme == _endpoint.Scheme && uri.Authority == _endpoint.Authority
        ? uri
        : throw new InvalidOperationException($"{_endpoint.Host} referred to {uri.Authority}; not followed.");

    private static TimeSpan DelayOf(Response response) =>
        response.Headers.TryGetValue("Retry-After", out string? text) && int.TryParse(text, out int seconds) && seconds >= 0
            ? TimeSpan.FromSeconds(seconds)
            : DefaultPollDelay;

    private static Response Successful(Response response) => response.IsError ? throw new RequestFailedException(response) : response;

    private T Read<T>(Response response)
    {
        try
        {
            return response.Content.ToObjectFromJson<T>(PipelineJson.Compact) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new JsonException(
                $"{_endpoint.Host} answered {response.Status} with something that is not a {typeof(T).Name}: {e.Message}", e);
        }
    }
}
