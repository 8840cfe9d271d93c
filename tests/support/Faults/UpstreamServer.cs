using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.TestSupport.Faults;

/// <summary>Sends a proxy's requests to the server behind it, without changing anything that is signed.</summary>
internal sealed class UpstreamServer(Uri address) : IDisposable
{
    private static readonly HashSet<string> OfTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Transfer-Encoding",
    };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    });

    /// <summary>Whether a header belongs to one connection and must not be passed on.</summary>
    public static bool IsOfTheConnection(string header) => OfTheConnection.Contains(header);

    /// <summary>Sends a request.</summary>
    public async Task<ServerAnswer> AskAsync(HttpRequest request, string target, CancellationToken cancellationToken)
    {
        var uri = new Uri(
            $"{address.GetLeftPart(UriPartial.Authority)}{target}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), uri);
        if (request.ContentLength is not null || HttpMethods.IsPut(request.Method))
        {
            var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellationToken);
            message.Content = new ByteArrayContent(body.ToArray());
        }

        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in request.Headers)
        {
            if (!IsOfTheConnection(name) && !message.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                message.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        // The server carries out the request even if the client disconnects.
        using HttpResponseMessage response = await _client.SendAsync(message, CancellationToken.None);
        byte[] content = await response.Content.ReadAsByteArrayAsync(CancellationToken.None);
        return new ServerAnswer(
            (int)response.StatusCode,
            [.. response.Headers.Concat(response.Content.Headers).Select(header => (header.Key, header.Value.ToArray()))],
            response.Content.Headers.ContentLength,
            content);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}

/// <summary>The server's answer.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">All headers.</param>
/// <param name="Length">The stated length. The answer to a HEAD request states a length but has no body.</param>
/// <param name="Body">The body.</param>
internal sealed record ServerAnswer(int Status, IReadOnlyList<(string Name, string[] Values)> Headers, long? Length, byte[] Body)
{
    /// <summary>Writes status and headers, without the body.</summary>
    public void WriteHead(HttpResponse response)
    {
        response.StatusCode = Status;
        foreach ((string name, string[] values) in Headers)
        {
            if (!UpstreamServer.IsOfTheConnection(name))
                response.Headers[name] = values;
        }

        if (Length is not null && Status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
            response.ContentLength = Length;
        else if (Body.Length > 0)
            response.ContentLength = Body.Length;
    }
}
