using System.Text.Json;
using Xunit;

namespace KeypointPipeline.TestSupport.OpenApi;

/// <summary>Compares each answer that passes through a client with <c>openapi.json</c>. So every test over HTTP is a test of the
/// description.</summary>
public sealed class DescribedAnswers() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    /// <summary>Creates a client that checks the answers of a server on this machine.</summary>
    public static HttpClient CreateClient(Uri address) => new(new DescribedAnswers()) { BaseAddress = address };

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        string? mediaType = response.Content.Headers.ContentType?.MediaType;
        JsonElement? body = null;
        if (mediaType is "application/json" or "application/problem+json" && request.Method != HttpMethod.Head)
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            body = Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }

        string method = request.Method == HttpMethod.Head ? HttpMethod.Get.Method : request.Method.Method;
        string? difference = DescribedApi.FindDifference(method, request.RequestUri!.AbsolutePath, (int)response.StatusCode, mediaType, body);
        Assert.True(difference is null, $"The answer is not as shared/Api/openapi.json says: {difference}.");
        return response;
    }

    /// <summary>A file of results may have any content.</summary>
    private static JsonElement? Parse(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(content);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
