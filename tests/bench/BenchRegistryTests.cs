using System.CommandLine;
using Xunit;

namespace KeypointPipeline.Bench.Tests;

public sealed class BenchRegistryTests
{
    [Fact]
    public void Every_class_that_implements_IBench_is_a_command_with_a_name_of_its_own_and_a_description()
    {
        int classes = typeof(IBench).Assembly.GetTypes().Count(type => type.GetInterfaces().Contains(typeof(IBench)));

        IReadOnlyList<Command> commands = BenchRegistry.CreateCommands();

        Assert.Equal(classes, commands.Count);
        Assert.Equal(commands.Select(command => command.Name).Distinct().Order(StringComparer.Ordinal), commands.Select(command => command.Name));
        Assert.All(commands, command => Assert.False(string.IsNullOrWhiteSpace(command.Description)));
        Assert.Contains("ingest", commands.Select(command => command.Name));
    }
}
