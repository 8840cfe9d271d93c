using KeypointPipeline.Local.Hosting;

namespace KeypointPipeline.Page.Tests;

/// <summary>A host with the content of <see cref="SmallHost"/>, for tests of one class that change it.</summary>
public sealed class ChangedHost : IAsyncDisposable
{
    private readonly SmallHost _host = new();

    /// <summary>The host. The first call starts and fills it.</summary>
    internal Task<LocalHost> HostAsync(CancellationToken cancellationToken) => _host.HostAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
