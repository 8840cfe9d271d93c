using System.Runtime.InteropServices;
using KeypointPipeline.TrainerJob.Native;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Native;

public sealed partial class OpenMpWaitingTests
{
    [Theory]
    [InlineData("OMP_WAIT_POLICY", "PASSIVE")]
    [InlineData("GOMP_SPINCOUNT", "3000")]
    public void Workers_are_told_how_long_to_wait_awake_unless_somebody_else_has_decided(string variable, string value)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libgomp is Linux's");

        OpenMpWaiting.Sleep();

        string expected = Environment.GetEnvironmentVariable(variable) ?? value; // .NET's copy is of the start
        Assert.Equal(expected, Marshal.PtrToStringUTF8(GetVariable(variable)));
    }

    [Fact]
    public void Libtorch_waits_with_libgomp_which_reads_these_variables()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libgomp is Linux's");

        using TorchSharp.torch.Tensor ones = TorchSharp.torch.ones(3);

        string loaded = File.ReadAllText("/proc/self/maps");
        Assert.Contains("/libgomp", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("/libiomp", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("/libomp", loaded, StringComparison.Ordinal);
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetVariable(string name);
}
