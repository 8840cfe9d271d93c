using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace KeypointPipeline.Storage;

/// <summary>How long clients of the storage account wait for an answer, and how often they ask again before their caller has to. All of
/// it is bounded: a server that takes requests and never answers holds nobody up for ever.</summary>
public static class StoragePatience
{
    /// <summary>For steps, triggers and requests of people, which are tried again by others: a request is given up after about 20 s of
    /// refusals or 3 minutes of silence.</summary>
    public static BlobClientOptions ForSteps() => Create(
        retries: 5, firstWait: TimeSpan.FromSeconds(0.8), longestWait: TimeSpan.FromSeconds(10), silence: TimeSpan.FromSeconds(30));

    /// <summary>For a trainer, whose work is worth waiting for: goes on asking for more than a minute. The waits and the silence are
    /// short, so that after a minute without storage its heartbeat is there before anybody takes it for gone.</summary>
    public static BlobClientOptions ForTrainer() => Create(
        retries: 20, firstWait: TimeSpan.FromSeconds(0.5), longestWait: TimeSpan.FromSeconds(4), silence: TimeSpan.FromSeconds(15));

    private static BlobClientOptions Create(int retries, TimeSpan firstWait, TimeSpan longestWait, TimeSpan silence)
    {
        var options = new BlobClientOptions
        {
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

    /// <summary>The client counts sending a body as silence: a request gets the time on top that its body takes on a slow line.</summary>
    private sealed class UploadTime(RetryOptions retry) : HttpPipelineSynchronousPolicy
    {
        private const double SlowestBytesPerSecond = 1 << 20;

        public override void OnSendingRequest(HttpMessage message)
        {
            if (message.Request.Content?.TryComputeLength(out long bytes) == true)
                message.NetworkTimeout = retry.NetworkTimeout + TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond);
        }
    }

    /// <summary>The client reads what a refused download says after its last try: one that is cut off in the middle would not be asked
    /// for again. Other answers it has read whole by then, into a stream that can seek.</summary>
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
