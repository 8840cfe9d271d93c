using KeypointPipeline.Api;
using KeypointPipeline.Functions.Durable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace KeypointPipeline.Functions.Http;

/// <summary>Calls an <see cref="IApiEndpoint"/> for a function and converts exceptions to answers.</summary>
/// <param name="services">Provides the endpoints.</param>
internal sealed class EndpointServer(IServiceProvider services)
{
    /// <summary>Serves an endpoint whose address has no placeholder.</summary>
    public Task<IResult> AnswerAsync<T>(HttpRequest request, DurableTaskClient client, CancellationToken cancellationToken)
        where T : IApiEndpoint => AnswerAsync<T>(request, client, [], cancellationToken);

    /// <summary>Serves an endpoint.</summary>
    /// <param name="request">The request. Its path contains the values too, but functions get them as parameters.</param>
    /// <param name="client">The Durable client that is bound to this call.</param>
    /// <param name="values">Names and values of the placeholders in the address.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<IResult> AnswerAsync<T>(
        HttpRequest request, DurableTaskClient client, IEnumerable<(string Name, string Value)> values, CancellationToken cancellationToken)
        where T : IApiEndpoint
    {
        var call = new ApiCall(new DurableWorkflowClient(client), instanceId => Addresses(client, instanceId), values.ToDictionary(), Query(request), request.Body)
        {
            Continuation = request.Headers[ContinuationToken.Header],
            IfNoneMatch = request.Headers.IfNoneMatch,
        };
        HttpContext http = request.HttpContext;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = ApiRoute.Of<T>().LargestBody;
        ApiAnswer answer;
        try
        {
            answer = await services.GetRequiredService<T>().AnswerAsync(call, cancellationToken);
        }
        catch (BadHttpRequestException e)
        {
            answer = ApiAnswer.Problem(ApiProblem.InvalidRequest(e.StatusCode, e.Message));
        }
        catch (Exception e) when (e is ApiProblemException || !cancellationToken.IsCancellationRequested)
        {
            ApiProblems problems = services.GetRequiredService<ApiProblems>();
            answer = ApiAnswer.Problem(problems.Describe(e, request.Method, $"{request.Path}", http.TraceIdentifier));
        }

        return Answer.ToResult(http.Response, answer);
    }

    private static Dictionary<string, string> Query(HttpRequest request) => request.Query.ToDictionary(value => value.Key, value => $"{value.Value}");

    private static CheckStatus Addresses(DurableTaskClient client, string instanceId)
    {
        HttpManagementPayload addresses = client.CreateHttpManagementPayload(instanceId);
        return new CheckStatus(
            instanceId,
            addresses.StatusQueryGetUri!,
            addresses.SendEventPostUri!,
            addresses.TerminatePostUri!.Replace("{{text}}", "{text}", StringComparison.Ordinal),
            addresses.PurgeHistoryDeleteUri!);
    }
}
