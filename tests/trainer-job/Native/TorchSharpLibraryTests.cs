using KeypointPipeline.TrainerJob.Native;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Native;

public sealed class TorchSharpLibraryTests
{
    [Fact]
    public void The_patch_was_written_for_the_version_that_is_used()
    {
        byte[] library = TorchSharpsLibrary();

        TorchSharpLibrary.Patch(library, typeof(TorchSharp.torch).Assembly.GetName().Version);

        Assert.NotEqual(TorchSharpsLibrary(), library);
    }

    [Fact]
    public void The_library_that_is_used_passes_the_check() => TorchSharpLibrary.Check();

    [Fact]
    public void Another_version_is_not_patched_and_the_error_says_what_to_do()
    {
        byte[] library = TorchSharpsLibrary();

        var e = Assert.Throws<DllNotFoundException>(() => TorchSharpLibrary.Patch(library, new Version(0, 108, 1)));

        Assert.Contains("expects version 0.107, but this is 0.108.1", e.Message, StringComparison.Ordinal);
        Assert.Contains("Install a libstdc++ of GCC 13 or newer", e.Message, StringComparison.Ordinal);
        Assert.Equal(TorchSharpsLibrary(), library);
    }

    [Fact]
    public void A_library_without_the_symbol_is_named_with_the_symbol()
    {
        byte[] library = TorchSharpsLibrary();
        TorchSharpLibrary.Patch(library, TorchSharpLibrary.Expected);

        var e = Assert.Throws<DllNotFoundException>(() => TorchSharpLibrary.Patch(library, TorchSharpLibrary.Expected));

        Assert.Contains($"imports {TorchSharpLibrary.MissingSymbol}, but it does not", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_of_another_layout_is_an_error_that_says_what_was_found()
    {
        var e = Assert.Throws<DllNotFoundException>(() => TorchSharpLibrary.Patch(new byte[100], TorchSharpLibrary.Expected));

        Assert.Contains("Not an ELF file", e.Message, StringComparison.Ordinal);
    }

    /// <summary>The library as it is on disk.</summary>
    internal static byte[] TorchSharpsLibrary()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library is Linux's");
        return File.ReadAllBytes(TorchSharpLibrary.FindOriginal()!);
    }
}
