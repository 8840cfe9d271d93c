using System.Globalization;
using System.Runtime.InteropServices;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Machine.Processes;

public sealed partial class DetachedProcessTests : IDisposable
{
    private static readonly Dictionary<string, string> NoVariables = [];

    private readonly TemporaryFolder _folder = TestFolder.Create("detached");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Note => _folder.File("note.json");

    private string Log => _folder.File("log");

    [Fact]
    public async Task The_note_says_which_process_it_is_before_the_program_runs()
    {
        ProcessIdentity process = await RunShellAsync("""cat "$1"; echo; cat "/proc/$$/stat" 2>/dev/null""", Note);

        string[] lines = await File.ReadAllLinesAsync(Log, Cancel);
        Assert.StartsWith($$"""{"pid":{{process.Pid}},"start":""", lines[0], StringComparison.Ordinal);
        Assert.Equal(process, DetachedProcess.Find(Note));
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(process, PipelineJson.Read<ProcessIdentity>(lines[0]));
            Assert.EndsWith("/" + lines[1].Split(' ')[21], process.Start, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Ctrl_C_in_the_terminal_does_not_reach_it_and_no_signal_is_ignored()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");

        ProcessIdentity process = await RunShellAsync("""cat "/proc/$$/stat"; grep SigIgn "/proc/$$/status" """);

        string[] lines = await File.ReadAllLinesAsync(Log, Cancel);
        string[] stat = lines[0].Split(' ');
        string pid = process.Pid.ToString(CultureInfo.InvariantCulture);
        Assert.Equal((pid, pid), (stat[4], stat[5])); // process group and session
        const ulong Interrupt = 1 << (2 - 1);
        const ulong Terminate = 1 << (15 - 1);

        // A shell that started these tests in the background made them ignore Ctrl+C, and no child of theirs can undo that.
        string own = (await File.ReadAllLinesAsync("/proc/self/status", Cancel)).Single(line => line.StartsWith("SigIgn", StringComparison.Ordinal));
        Assert.Equal(0UL, Ignored(lines[1]) & ~Ignored(own) & (Interrupt | Terminate));
    }

    [Fact]
    public async Task Files_that_the_caller_has_open_are_not_kept_open()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");
        using FileStream held = File.Create(_folder.File("held"));
        int inherited = Duplicate(held.SafeFileHandle.DangerousGetHandle().ToInt32());
        try
        {
            await RunShellAsync("""ls -l "/proc/$$/fd" """);
        }
        finally
        {
            _ = Close(inherited);
        }

        Assert.DoesNotContain("/held", await File.ReadAllTextAsync(Log, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_and_variables_arrive_as_they_are()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the program is a Unix shell");
        string[] arguments = ["", "a b", "\"quoted\"", "it's", "$HOME", "*", "back\\slash", "two\nlines"];
        var variables = new Dictionary<string, string> { ["DETACHED_TEST"] = "grüße; $(id)" };

        ProcessIdentity process = await DetachedProcess.StartAsync(
            Note, Log, "sh", ["-c", """printf '<%s>' "$DETACHED_TEST" "$@" """, "sh", .. arguments], variables, Cancel);
        await EndAsync(process);

        Assert.Equal($"<grüße; $(id)>{string.Concat(arguments.Select(argument => $"<{argument}>"))}", await File.ReadAllTextAsync(Log, Cancel));
    }

    [Fact]
    public async Task Output_and_errors_are_appended_to_the_log_and_there_is_no_input()
    {
        await File.WriteAllTextAsync(Log, "before\n", Cancel);

        await RunShellAsync("cat; echo output; echo error >&2");

        Assert.Equal("before\noutput\nerror\n", await File.ReadAllTextAsync(Log, Cancel));
    }

    [Theory]
    [InlineData("exit 75", 75)]
    [InlineData("kill -9 $$", 137)]
    public async Task How_a_program_ended_is_written_though_nobody_waits_for_it(string script, int expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the program is a Unix shell");
        string end = _folder.File("end");

        ProcessIdentity process = await DetachedProcess.StartAsync(Note, Log, "sh", ["-c", script], NoVariables, Cancel, end);
        await EndAsync(process);

        Assert.Equal(new ProcessEnd(process.Pid, expected), await ProcessEnd.FindAsync(end, process, TimeProvider.System, Cancel));
        Assert.Equal(process, DetachedProcess.Find(Note));
    }

    [Fact]
    public async Task A_start_returns_while_the_program_runs_and_its_end_is_written_later()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the program is a Unix shell");
        string end = _folder.File("end");
        await File.WriteAllTextAsync(end, """{"pid":1,"exitCode":1}""", Cancel);

        ProcessIdentity process = await DetachedProcess.StartAsync(
            Note, Log, "sh", ["-c", "while [ ! -e \"$0\" ]; do sleep 0.1; done", _folder.File("go")], NoVariables, Cancel, end);

        Assert.True(process.IsRunning());
        Assert.False(File.Exists(end));
        await File.WriteAllTextAsync(_folder.File("go"), "", Cancel);
        await EndAsync(process);
        Assert.Equal(0, (await ProcessEnd.FindAsync(end, process, TimeProvider.System, Cancel))!.ExitCode);
    }

    [Fact]
    public async Task With_a_file_for_the_end_a_program_that_does_not_exist_is_named_too()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the program is a Unix shell");

        var error = await Assert.ThrowsAsync<ProgramStartException>(
            () => DetachedProcess.StartAsync(Note, Log, "no-such-program", [], NoVariables, Cancel, _folder.File("end")));

        Assert.Equal("no-such-program could not be started: it is not on the PATH", error.Message);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_named_and_the_last_note_stays()
    {
        ProcessIdentity last = await RunShellAsync("true");

        var error = await Assert.ThrowsAsync<ProgramStartException>(
            () => DetachedProcess.StartAsync(Note, Log, "no-such-program", [], NoVariables, Cancel));

        Assert.Equal("no-such-program could not be started: it is not on the PATH", error.Message);
        Assert.Equal(last, DetachedProcess.Find(Note));
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_is_named_with_the_program()
    {
        string log = Path.Combine(_folder.Path, "missing", "log");

        var error = await Assert.ThrowsAsync<ProgramStartException>(() => DetachedProcess.StartAsync(Note, log, "sh", ["-c", "true"], NoVariables, Cancel));

        Assert.StartsWith("sh could not be started: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(log, error.Message, StringComparison.Ordinal);
        Assert.Null(DetachedProcess.Find(Note));
    }

    [Fact]
    public async Task A_note_of_an_earlier_version_is_read()
    {
        await File.WriteAllTextAsync(Note, """{"pid":4711,"start":"e2d339d9-0f35-40f1-bf0f-8dd4faede47b/284544"}""", Cancel);

        Assert.Equal(new ProcessIdentity(4711, "e2d339d9-0f35-40f1-bf0f-8dd4faede47b/284544"), DetachedProcess.Find(Note));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ProcessIdentity> RunShellAsync(string script, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the program is a Unix shell");
        ProcessIdentity process = await DetachedProcess.StartAsync(Note, Log, "sh", ["-c", script, "sh", .. arguments], NoVariables, Cancel);
        await EndAsync(process);
        return process;
    }

    private static ulong Ignored(string line) => ulong.Parse(line.Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static async Task EndAsync(ProcessIdentity process) =>
        Assert.True(await process.WaitForEndAsync(TimeSpan.FromSeconds(60), Cancel));

    /// <summary>The copy is inherited by programs, unlike a file that .NET opens.</summary>
    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
