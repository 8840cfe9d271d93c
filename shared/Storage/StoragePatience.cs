using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using KeypointPipeline.Network;

namespace KeypointPipeline.Storage;

/// <summary>How long clients of the storage account wait for an answer, and how often they retry before their caller has to. All of it is
/// bounded: a server that accepts requests and never answers does not block anybody for ever. None of them asks a proxy for a storage
/// server on this machine.</summary>
public static class StoragePatience
{
    /// <summary>Like Azure's own default, except for the proxy.</summary>
    private static readonly HttpClientTransport Transport = new(
        new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            Proxy = LocalHttp.ProxyForOthers,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // the client's retries have their own
        });

    /// <summary>For steps, triggers and requests of people, which others retry: a request fails after about 20 s of refusals or 3 minutes
    /// of silence.</summary>
    public static BlobClientOptions ForSteps() => Create(
        retries: 5, firstWait: TimeSpan.FromSeconds(0.8), longestWait: TimeSpan.FromSeconds(10), silence: TimeSpan.FromSeconds(30));

    /// <summary>For a trainer, whose work is worth waiting for: it retries for more than a minute. The waits and the silence are short, so
    /// that its heartbeat returns in time after a minute without storage.</summary>
    public static BlobClientOptions ForTrainer() => Create(
        retries: 20, firstWait: TimeSpan.FromSeconds(0.5), longestWait: TimeSpan.FromSeconds(4), silence: TimeSpan.FromSeconds(15));

    /// <summary>For asking whether a server answers at all: a fraction of a second of refusals, or 15 s of silence.</summary>
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

    /// <summary>The client counts sending a body as silence. So a request gets extra time: what its body takes on a slow line.</summary>
    private sealed class UploadTime(RetryOptions retry) : HttpPipelineSynchronousPolicy
    {
        private const double SlowestBytesPerSecond = 1 << 20;

        public override void OnSendingRequest(HttpMessage message)
        {
            if (message.Request.Content?.TryComputeLength(out long bytes) == true)
                message.NetworkTimeout = retry.NetworkTimeout + TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond);
        }
    }

    /// <summary>Reads the body of a refused download before the client decides about a retry. The client itself reads it after its last try,
    /// and would not retry one that is cut off. It has read other answers completely by then, into a stream that can seek.</summary>
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
