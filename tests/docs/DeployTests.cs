using System.Globalization;
using System.Text.RegularExpressions;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.TestSupport.Documents;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Docs.Tests;

/// <summary>docs/deploy.md against the templates.</summary>
public sealed partial class DeployTests
{
    private const RegexOptions Linear = RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    private static readonly MarkdownPage Page = MarkdownPage.Read("docs/deploy.md");

    /// <summary>azd asks for these or a hook sets them, so the table leaves them out.</summary>
    private static readonly string[] SetByAzd = ["AZURE_ENV_NAME", "AZURE_LOCATION", "AZURE_PRINCIPAL_ID", "ALERT_EMAIL", "BUDGET_START"];

    [Fact]
    public void The_table_of_settings_has_every_setting_of_the_templates_with_its_default()
    {
        Dictionary<string, string> settings = Parameter.Matches(Read("infra/main.parameters.json"))
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
        foreach (string name in SetByAzd)
            Assert.True(settings.Remove(name), $"infra/main.parameters.json has no {name}");

        IReadOnlyList<PageRow> rows = Page.Table("What azd up asks", "azd env set …");
        Findings.AssertTable(Page.Path, rows, settings.Keys);
        Findings.AssertNone(
            from row in rows
            let defaults = row.Cells[1].Text.Split(", ")
            from setting in row.Subjects.Zip(
                row.Subjects.Count == defaults.Length ? defaults : Enumerable.Repeat(row.Cells[1].Text, row.Subjects.Count))
            let actual = settings[setting.First] is { Length: > 0 } value ? value : DefaultInTemplate(setting.First)
            where setting.Second != actual
            select $"{row.Place}: the default of {setting.First} is '{actual}', not '{setting.Second}'");
    }

    [Fact]
    public void The_table_of_jobs_has_every_trainer_profile_with_its_size()
    {
        IEnumerable<string> profiles =
            from match in Profile.Matches(Read("infra/names.bicep"))
            let gpu = match.Groups["gpu"].Value
            select $"{match.Groups["job"].Value} | {match.Groups["cpu"].Value} | {match.Groups["memory"].Value} | {(gpu.Length > 0 ? $"1 {gpu}" : "–")}";

        AssertRows(Page.Table("What it costs", "job"), columns: 4, profiles);
    }

    [Fact]
    public void The_table_of_what_is_created_has_every_resource_type_with_its_version()
    {
        IEnumerable<string> types = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "infra"), "*.bicep", SearchOption.AllDirectories)
            .SelectMany(file => Resource.Matches(File.ReadAllText(file)))
            .Select(match => $"{match.Groups["type"].Value} | {match.Groups["version"].Value}")
            .Distinct();

        AssertRows(Page.Table("What is created", "type"), columns: 2, types);
    }

    [Fact]
    public void The_price_of_a_training_is_worked_from_the_default_steps_and_the_measured_speed()
    {
        var settings = new TrainingSettings();
        int stepsPerEpoch = 7049 / settings.BatchSize;
        int steps = TrainingLength.EpochsOf(settings, stepsPerEpoch) * stepsPerEpoch;
        string speed = MarkdownPage.Read("docs/performance.md").Table("Training: ./keypoints bench training", "")
            .Single(row => row.Cells[0].Text == "images a second").Cells[1].Text;
        int images = steps * settings.BatchSize;
        double seconds = Math.Round(images / double.Parse(speed, CultureInfo.InvariantCulture));
        string text = Read(Page.Path);

        Findings.AssertNone(
            from part in (string[])
            [
                $"{steps:N0} steps × {settings.BatchSize} images ", $"= {images:N0} images", $"{images:N0} images ÷ {speed} per s =", $" {seconds:N0} s\n",
                $"{seconds:N0} s × 4 cores ", $" {seconds * 4:N0} core-seconds\n", $"{seconds:N0} s × 8 GiB ", $" {seconds * 8:N0} GiB-seconds\n",
            ]
            where !text.Contains(part, StringComparison.Ordinal)
            select $"{Page.Path}: the price of a training does not say '{part.Trim()}'");
    }

    /// <summary>If a text changes only in the code, the alert never fires. Each query on the log must ask for its text in the same way, so
    /// that this test finds it.</summary>
    [Fact]
    public void The_texts_that_alerts_look_for_are_logged_at_the_level_that_they_ask_for()
    {
        string queries = string.Concat(Read("infra/modules/alerts.bicep").Split("\'\'\'").Where((_, part) => part % 2 == 1));
        MatchCollection asked = LogQuery.Matches(queries);
        (string Level, string Text)[] logged =
        [
            .. from folder in (string[])["shared", "functions"]
               from file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), "*.cs", SearchOption.AllDirectories)
               from Match call in LogCall.Matches(File.ReadAllText(file))
               select (call.Groups["level"].Value, call.Groups["text"].Value),
        ];

        Assert.Equal(queries.Split("AppTraces").Length - 1, asked.Count);
        Assert.NotEmpty(asked);
        Findings.AssertNone(
            from query in asked
            let level = query.Groups["error"].Success ? "Error" : null
            where !logged.Any(line => (level ?? line.Level) == line.Level
                && line.Text.StartsWith(query.Groups["start"].Value, StringComparison.Ordinal)
                && line.Text.Contains(query.Groups["part"].Value, StringComparison.Ordinal))
            select $"infra/modules/alerts.bicep: nothing logs '{query.Groups["start"].Value}… {query.Groups["part"].Value}' {(level is null ? "" : "as an error")}");
    }

    /// <summary>While the worker exports its telemetry, the host exports no log record of a function: a query on it never finds any.</summary>
    [Fact]
    public void No_alert_reads_what_the_host_logs_about_functions() =>
        Assert.DoesNotContain("(Orchestrator)", Read("infra/modules/alerts.bicep"), StringComparison.Ordinal);

    /// <summary>A cloud's addresses come from the cloud: from <c>environment()</c>, or from what a resource says of itself.</summary>
    [Fact]
    public void No_template_or_hook_contains_the_address_of_a_cloud() => Findings.AssertNone(
        from file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "infra"), "*", SearchOption.AllDirectories)
        from line in File.ReadAllLines(file).Select((text, index) => (Text: text, Number: index + 1))
        where CloudAddress.IsMatch(line.Text) && !line.Text.Contains("\"$schema\"", StringComparison.Ordinal)
        select $"{Path.GetFileName(file)}:{line.Number}: {line.Text.Trim()}");

    private static void AssertRows(IReadOnlyList<PageRow> rows, int columns, IEnumerable<string> actual) => Findings.AssertSame(
        Page.Path, rows.Select(row => (row.Place, string.Join(" | ", row.Cells.Take(columns).Select(cell => cell.Text)))), actual);

    /// <summary>An empty setting leaves the default to the template.</summary>
    private static string DefaultInTemplate(string setting) => TemplateDefault.Matches(Read("infra/main.bicep"))
        .FirstOrDefault(match => match.Groups["setting"].Value == setting)?.Groups["value"].Value ?? "empty";

    private static string Read(string path) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, path));

    [GeneratedRegex(@"\$\{(?<name>\w+)=?(?<value>[^}]*)\}", Linear)]
    private static partial Regex Parameter { get; }

    [GeneratedRegex(@"(?<setting>\w+): empty\(\w+\) \? '(?<value>[^']+)'", Linear)]
    private static partial Regex TemplateDefault { get; }

    [GeneratedRegex(@"job: '(?<job>[\w-]+)', gpu: '(?<gpu>\w*)'.*cpu: (?<cpu>\d+), memory: '(?<memory>\d+)Gi'", Linear)]
    private static partial Regex Profile { get; }

    [GeneratedRegex(@"AppTraces\s*\| where (?<error>SeverityLevel >= 3 and )?Message startswith ""(?<start>[^""]+)"" and Message has ""(?<part>[^""]+)""", Linear)]
    private static partial Regex LogQuery { get; }

    [GeneratedRegex(@"\.Log(?<level>Error|Warning|Information)\(\s*""(?<text>[^""]+)""", Linear)]
    private static partial Regex LogCall { get; }

    [GeneratedRegex(@"[\w-]+\.(windows\.net|azure\.com|azure\.net|microsoftonline\.com|azurewebsites\.net|azurecr\.io|usgovcloudapi\.net|chinacloudapi\.cn)", Linear)]
    private static partial Regex CloudAddress { get; }

    [GeneratedRegex(@"^resource \w+ '(?<type>Microsoft\.[\w./]+)@(?<version>[\w-]+)'", RegexOptions.Multiline | Linear)]
    private static partial Regex Resource { get; }
}
