using KeypointPipeline.Local.Machine;
using KeypointPipeline.TestSupport.Documents;
using Xunit;

namespace KeypointPipeline.Docs.Tests;

/// <summary>Every command on every page. The repository's own programs parse theirs. Commands of other programs are compared with
/// the routes, settings, hooks and files of the checkout.</summary>
public sealed class CommandTests
{
    private static readonly ShellCommand[] Commands = [.. Pages.All.SelectMany(page => page.ShellBlocks).SelectMany(ShellScript.Commands)];

    /// <summary>Commands in sentences. They may leave out arguments.</summary>
    private static readonly ShellCommand[] Mentions =
    [
        .. Pages.All.SelectMany(page => page.CodeSpans)
            .Where(span => span.Text.Split(' ') is ["./keypoints" or "keypoints" or "azd" or "dotnet" or "curl", _, ..])
            .SelectMany(ShellScript.Commands),
    ];

    [Fact]
    public void A_keypoints_command_is_accepted_by_the_program_that_runs_it()
    {
        Assert.Contains(Commands, IsOurs);
        Findings.AssertNone(Of(Commands, IsOurs, KeypointsCommandLine.Problems));
    }

    [Fact]
    public void A_keypoints_command_in_a_sentence_has_commands_and_options_that_exist()
    {
        Assert.Contains(Mentions, IsOurs);
        Findings.AssertNone(Of(Mentions, IsOurs, KeypointsCommandLine.MentionProblems));
    }

    [Fact]
    public void A_request_goes_to_an_address_that_is_served()
    {
        ShellCommand[] requests = [.. Commands.Concat(Mentions).Where(command => command.Program == "curl")];

        Assert.NotEmpty(requests);
        Findings.AssertNone(requests.Select(request => Described(request, RequestProblem(request.Arguments))).OfType<string>());
    }

    [Fact]
    public void A_method_and_address_in_a_sentence_is_served()
    {
        PagePart[] requests =
        [
            .. Pages.All.SelectMany(page => page.CodeSpans).Where(span => span.Text.Split(' ') is ["GET" or "POST" or "PUT" or "DELETE", ['/', ..]]),
        ];

        Assert.NotEmpty(requests);
        Findings.AssertNone(
            from request in requests
            let words = request.Text.Split(' ')
            where !ServedRoutes.All.Any(route => route.Serves(words[0], words[1].Split('?')[0]))
            select $"{request.Place}: the local host does not serve {request.Text}");
    }

    [Fact]
    public void A_dotnet_command_names_projects_that_exist()
    {
        Findings.AssertNone(
            from command in Commands.Concat(Mentions)
            where command.Program == "dotnet"
            from word in command.Arguments
            where word.EndsWith(".csproj", StringComparison.Ordinal) || word.EndsWith(".sln", StringComparison.Ordinal)
            where !File.Exists(Path.Combine(RepositoryRoot.Path, word))
            select $"{command.Place}: there is no {word}: {command}");
    }

    [Fact]
    public void An_azd_command_names_settings_and_hooks_that_exist()
    {
        string parameters = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "infra", "main.parameters.json"));
        string hooks = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "azure.yaml"));
        ShellCommand[] commands = [.. Commands.Concat(Mentions).Where(command => command.Program == "azd")];

        Assert.NotEmpty(commands);
        Findings.AssertNone(commands.Select(command => Described(command, command.Arguments switch
        {
            ["env", "set", "…", ..] => null,
            ["env", "set", string name, ..] when !parameters.Contains($"${{{name}", StringComparison.Ordinal) => $"the templates have no setting {name}",
            ["hooks", "run", string hook, ..] when !hooks.Contains($"  {hook}:", StringComparison.Ordinal) => $"azure.yaml has no hook {hook}",
            _ => null,
        })).OfType<string>());
    }

    [Fact]
    public void A_variable_of_the_azd_environment_is_an_output_of_the_templates()
    {
        string template = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "infra", "main.bicep"));
        (string Place, string Name)[] variables =
        [
            .. from command in Commands
               from word in command.Arguments
               from part in word.Split('$').Skip(1)
               let name = new string([.. part.TakeWhile(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_')])
               where name.Length > 0 && name != "KEY"
               select (command.Place, name),
        ];

        Assert.NotEmpty(variables);
        Findings.AssertNone(
            from variable in variables
            where !template.Contains($"output {variable.Name} ", StringComparison.Ordinal)
            select $"{variable.Place}: infra/main.bicep has no output {variable.Name}");
    }

    [Theory]
    [InlineData("drop photos --watch", null)]
    [InlineData("drop photos --wach", "--wach")]
    [InlineData("models promote VERSION", null)]
    [InlineData("models demote VERSION", "demote")]
    [InlineData("train --data training.zip", "--out")]
    [InlineData("train --data training.zip --out my-model --patience 3", null)]
    [InlineData("bench ingest", null)]
    [InlineData("bench ingets", "ingets")]
    [InlineData("bench accuracy --data a --validation b --only default --secnods 9", "--secnods")]
    [InlineData("test chaos --rounds 40", null)]
    [InlineData("test chaos --rouns 40", "--rouns")]
    [InlineData("test docs -class KeypointPipeline.Docs.Tests.CommandTests", null)]
    [InlineData("test dosc", "dosc")]
    [InlineData("test docs -class KeypointPipeline.Docs.Tests.CommendTests", "CommendTests")]
    public void A_mistaken_command_is_found(string command, string? problem)
    {
        string problems = string.Join('\n', KeypointsCommandLine.Problems(command.Split(' ')));

        if (problem is null)
            Assert.Equal("", problems);
        else
            Assert.Contains(problem, problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("up --listen", null)]
    [InlineData("up --lisen", "--lisen")]
    [InlineData("upp", "upp")]
    [InlineData("models --home X promote", null)]
    [InlineData("train --resume", null)]
    [InlineData("bench NAME", null)]
    [InlineData("bench accurate", "accurate")]
    [InlineData("test NAME", null)]
    [InlineData("test shard", "shard")]
    public void A_mistaken_mention_is_found(string mention, string? problem)
    {
        string problems = string.Join('\n', KeypointsCommandLine.MentionProblems(mention.Split(' ')));

        if (problem is null)
            Assert.Equal("", problems);
        else
            Assert.Contains(problem, problems, StringComparison.Ordinal);
    }

    private static bool IsOurs(ShellCommand command) => command.Program is "./keypoints" or "keypoints";

    private static IEnumerable<string> Of(
        IEnumerable<ShellCommand> commands, Func<ShellCommand, bool> which, Func<string[], IEnumerable<string>> problems) =>
        from command in commands.Where(which)
        from problem in problems(command.Arguments)
        select $"{command.Place}: {problem}: {command}";

    private static string? Described(ShellCommand command, string? problem) => problem is null ? null : $"{command.Place}: {problem}: {command}";

    private static string? RequestProblem(string[] arguments)
    {
        string? address = arguments.FirstOrDefault(
            word => word.Contains("/api/", StringComparison.Ordinal) || word.Contains("/runtime/", StringComparison.Ordinal));
        if (address is null)
            return null;
        int method = arguments.TakeWhile(word => word is not ("-X" or "--request")).Count() + 1;
        string verb = method < arguments.Length ? arguments[method] : arguments.Any(word => word is "-d" or "--data" or "--data-binary") ? "POST" : "GET";
        int start = Math.Max(address.IndexOf("/api/", StringComparison.Ordinal), address.IndexOf("/runtime/", StringComparison.Ordinal));
        string path = address[start..].Split('?')[0];
        return ServedRoutes.All.Any(route => route.Serves(verb, path)) ? null : $"the local host does not serve {verb} {path}";
    }
}
