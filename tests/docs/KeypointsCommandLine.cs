using System.CommandLine;
using KeypointPipeline.Bench;
using KeypointPipeline.Chaos.Tests;
using KeypointPipeline.Fuzz.Tests;
using KeypointPipeline.Local;
using KeypointPipeline.Local.Development;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.TrainerJob.Commands;

namespace KeypointPipeline.Docs.Tests;

/// <summary>The command line of <c>./keypoints</c>, with those of the programs that it passes words on to.</summary>
internal static class KeypointsCommandLine
{
    /// <summary>xUnit's options that choose tests by the name of a class, method or namespace.</summary>
    private static readonly string[] NameOptions = ["-class", "-method", "-namespace"];

    private static readonly string[] TestSources =
    [
        .. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText),
    ];

    /// <summary>What is wrong with a command.</summary>
    /// <param name="words">Everything after <c>./keypoints</c>.</param>
    public static IEnumerable<string> Problems(string[] words)
    {
        if (ReadTests(words) is (string project, string[] options))
            return TestProblems(project, options);
        (Command program, string[] rest) = FindProgram(words);
        return program.Parse(rest).Errors.Select(error => error.Message);
    }

    /// <summary>What is wrong with a mention, which may leave out arguments and required options, and have a placeholder for a name:
    /// <c>keypoints up --listen</c>, <c>keypoints bench NAME</c>.</summary>
    /// <param name="words">Everything after <c>keypoints</c>.</param>
    public static IEnumerable<string> MentionProblems(string[] words)
    {
        if (ReadTests(words) is (string project, string[] options))
            return IsPlaceholder(project) ? [] : TestProblems(project, options);
        (Command command, string[] rest) = FindProgram(words);
        var known = new List<Option>(command.Options);
        while (rest.Length > 0 && command.Subcommands.FirstOrDefault(child => child.Name == rest[0]) is Command child)
        {
            known.RemoveAll(option => !option.Recursive);
            known.AddRange(child.Options);
            (command, rest) = (child, rest[1..]);
        }

        IEnumerable<string> unknown = rest
            .Where(word => word.StartsWith('-') && !known.Any(option => option.Name == word.Split('=')[0] || option.Aliases.Contains(word.Split('=')[0])))
            .Select(word => $"there is no option {word}");
        return rest.Length > 0 && rest[0][0] != '-' && !IsPlaceholder(rest[0]) && command is { Subcommands.Count: > 0, Arguments.Count: 0 }
            ? unknown.Append($"there is no command {rest[0]}")
            : unknown;
    }

    private static bool IsPlaceholder(string word) => word == "…" || word.All(char.IsAsciiLetterUpper);

    private static (Command Program, string[] Words) FindProgram(string[] words) => words switch
    {
        ["bench", .. var rest] => (BenchRoot(), rest),
        ["train", ..] => (new RootCommand { TrainCommand.Create(CalledProgram.Find(_ => null)) }, words),
        ["test", "chaos", ..] => (new RootCommand { ChaosCommand.Create() }, words[1..]),
        ["test", "fuzz", ..] => (new RootCommand { FuzzCommand.Create() }, words[1..]),
        _ => (KeypointsProgram.CreateCommand(), words),
    };

    private static RootCommand BenchRoot()
    {
        var root = new RootCommand();
        foreach (Command bench in BenchRegistry.CreateCommands())
            root.Add(bench);
        return root;
    }

    /// <summary><c>test NAME</c> with xUnit's options; null for everything else.</summary>
    private static (string Project, string[] Options)? ReadTests(string[] words) =>
        words is ["test", string project, .. string[] options] && project[0] != '-' && project is not (ChaosCommand.Name or FuzzCommand.Name)
            ? (project, options)
            : null;

    private static IEnumerable<string> TestProblems(string project, string[] options)
    {
        if (TestProject.FindAll(RepositoryRoot.Path).All(known => known.Name != project))
            yield return $"there are no tests named '{project}'";
        foreach ((string option, string value) in options.Zip(options.Skip(1)).Where(pair => NameOptions.Contains(pair.First)))
        {
            if (!Exists(option, value))
                yield return $"tests/ has no '{value}'";
        }
    }

    private static bool Exists(string option, string name)
    {
        string[] parts = name.Split('.');
        (string space, string type) = option == "-namespace" ? (name, "") : (string.Join('.', parts[..^1]), parts[^1]);
        return option == "-method" || TestSources.Any(source =>
            source.Contains($"namespace {space};", StringComparison.Ordinal) && source.Contains($"class {type}", StringComparison.Ordinal));
    }
}
