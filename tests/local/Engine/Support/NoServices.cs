namespace KeypointPipeline.Local.Tests.Engine;

/// <summary>The services of an engine whose steps need none.</summary>
internal sealed class NoServices : IServiceProvider
{
    public static NoServices Instance { get; } = new();

    public object? GetService(Type serviceType) => null;
}
