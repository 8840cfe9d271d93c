using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using KeypointPipeline.Network;

namespace KeypointPipeline.Storage;

/// <summary>Timeouts and retries of the storage clients. All of them are bounded, so a server that accepts requests and never responds
/// cannot block a caller indefinitely. No client uses a proxy for a storage server on this machine.</summary>
public static class StoragePatience
{
    /// <summary>Azure's own default transport, except for the proxy.</summary>
    private static readonly HttpClientTransport Transport = new(
        new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            Proxy = LocalHttp.ProxyForOthers,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // the client's retries have their own timeouts
        });

    /// <summary>For steps, triggers and HTTP requests, which have a caller that retries them. A request fails after about 20 s of errors
    /// or 3 minutes without a response.</summary>
    public static BlobClientOptions ForSteps() => Create(
        retries: 5, firstWait: TimeSpan.FromSeconds(0.8), longestWait: TimeSpan.FromSeconds(10), silence: TimeSpan.FromSeconds(30));

    /// <summary>For a trainer, whose work is worth waiting for: retries for more than a minute. Delays and timeouts are short. After a
    /// minute without storage, the trainer's heartbeat therefore arrives before the trainer is considered lost.</summary>
    public static BlobClientOptions ForTrainer() => Create(
        retries: 20, firstWait: TimeSpan.FromSeconds(0.5), longestWait: TimeSpan.FromSeconds(4), silence: TimeSpan.FromSeconds(15));

    /// <summary>For checking whether a server responds at all. A request fails after a fraction of a second of errors or 15 s without a
    /// response.</summary>
    public static BlobClientOptions ForProbe() => Create(
        retries: 2, firstWait: TimeSpan.FromSeconds(0.1), longestWait: TimeSpan.FromSeconds(1), silence: TimeSpan.FromSeconds(5));

    private static BlobClientOptions Create(int retries, TimeSpan firstWait, TimeSpan longestWait, TimeSpan silence)
    {
        var options = new BlobClientOptions
        {
            Transport = Transport,
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = retries,
                Delay = firstWait,
                MaxDelay = longestWait,
                NetworkTimeout = silence,
            },
        };
        options.AddPolicy(new UploadTime(options.Retry), HttpPipelinePosition.PerCall);
        options.AddPolicy(new WholeErrors(), HttpPipelinePosition.PerRetry);
        return options;
    }

    /// <summary>Lengthens the timeout of uploads. The client counts the time for sending a body as time without a response. Each request
    /// therefore gets the time that its body takes on a slow connection, in addition to the timeout.</summary>
    private sealed class UploadTime(RetryOptions retry) : HttpPipelineSynchronousPolicy
    {
        private const double SlowestBytesPerSecond = 1 << 20;

        public override void OnSendingRequest(HttpMessage message)
        {
            if (message.Request.Content?.TryComputeLength(out long bytes) == true)
                message.NetworkTimeout = retry.NetworkTimeout + TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond);
        }
    }

    /// <summary>Reads the whole body of an error response, so that a body that is cut off causes a retry. The client itself reads the
    /// error of a failed download only after its last retry. It has already read other responses into a seekable stream.</summary>
    private sealed class WholeErrors : HttpPipelinePolicy
    {
        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            ProcessNext(message, pipeline);
            if (FindError(message) is not { } content)
                return;
            using (content)
            {
                var whole = new MemoryStream();
                content.CopyTo(whole);
                Replace(message, whole);
            }
        }

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            await ProcessNextAsync(message, pipeline);
            if (FindError(message) is not { } content)
                return;
            await using (content)
            {
                var whole = new MemoryStream();
                await content.CopyToAsync(whole, message.CancellationToken);
                Replace(message, whole);
            }
        }

        private static Stream? FindError(HttpMessage message) =>
            message.Response is { IsError: true, ContentStream: { CanSeek: false } content } ? content : null;

        private static void Replace(HttpMessage message, MemoryStream whole)
        {
            whole.Position = 0;
            message.Response.ContentStream = whole;
        }
    }
}
