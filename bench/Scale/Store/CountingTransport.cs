using Azure.Core;
using Azure.Core.Pipeline;

namespace KeypointPipeline.Bench.Scale.Store;

/// <summary>Sends the requests of storage clients to a <see cref="CountingStore"/> in this process.</summary>
/// <param name="store">The store.</param>
internal sealed class CountingTransport(CountingStore store) : HttpPipelineTransport
{
    /// <inheritdoc/>
    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    /// <inheritdoc/>
    public override void Process(HttpMessage message)
    {
        message.CancellationToken.ThrowIfCancellationRequested();
        message.Response = store.Answer(new StoreRequest(message.Request), message.CancellationToken);
        message.Response.ClientRequestId = message.Request.ClientRequestId;
    }

    /// <inheritdoc/>
    public override ValueTask ProcessAsync(HttpMessage message)
    {
        Process(message);
        return ValueTask.CompletedTask;
    }
}
