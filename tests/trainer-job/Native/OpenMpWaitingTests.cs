using System.Runtime.InteropServices;
using KeypointPipeline.TrainerJob.Native;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Native;

public sealed partial class OpenMpWaitingTests
{
    [Fact]
    public void Workers_are_told_to_sleep_unless_somebody_else_has_decided()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libgomp is Linux's");

        OpenMpWaiting.Sleep();

        string expected = Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") ?? "PASSIVE"; // .NET's copy is of the start
        Assert.Equal(expected, Marshal.PtrToStringUTF8(GetVariable("OMP_WAIT_POLICY")));
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetVariable(string name);
}
