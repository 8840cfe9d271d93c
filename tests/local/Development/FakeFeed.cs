using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Tests.Development;

/// <summary>A package feed on loopback that serves the given documents to the package managers' real clients.</summary>
internal sealed class FakeFeed : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FakeFeed(WebApplication application)
    {
        _application = application;
        Url = application.Urls.First();
    }

    public string Url { get; }

    /// <summary>Starts one.</summary>
    /// <param name="find">A document for a path, or null for 405; <c>{url}</c> in it becomes the feed's address.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<FakeFeed> StartAsync(Func<string, string?> find, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication application = builder.Build();
        application.MapFallback("{*path}", (HttpRequest request) => find(request.Path) is string document
            ? Microsoft.AspNetCore.Http.Results.Text(document.Replace("{url}", $"http://{request.Host}", StringComparison.Ordinal), "application/json")
            : Microsoft.AspNetCore.Http.Results.StatusCode(StatusCodes.Status405MethodNotAllowed));
        await application.StartAsync(cancellationToken);
        return new FakeFeed(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
