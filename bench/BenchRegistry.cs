using System.CommandLine;

namespace KeypointPipeline.Bench;

/// <summary>Finds the benches, so that adding a bench is adding a file.</summary>
internal static class BenchRegistry
{
    /// <summary>The command of every bench of this assembly, by name.</summary>
    public static IReadOnlyList<Command> CreateCommands() =>
    [
        .. typeof(IBench).Assembly.GetTypes()
            .Where(type => type.IsClass && typeof(IBench).IsAssignableFrom(type))
            .Select(type => ((IBench)Activator.CreateInstance(type)!).CreateCommand())
            .OrderBy(command => command.Name, StringComparer.Ordinal),
    ];
}
