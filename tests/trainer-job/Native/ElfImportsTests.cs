using KeypointPipeline.TrainerJob.Native;
using Xunit;
using static KeypointPipeline.TrainerJob.Tests.Native.TorchSharpLibraryTests;

namespace KeypointPipeline.TrainerJob.Tests.Native;

public sealed class ElfImportsTests
{
    [Fact]
    public void The_missing_import_is_redirected_and_its_version_made_optional()
    {
        byte[] original = TorchSharpsLibrary();
        byte[] library = [.. original];

        Assert.True(ElfImports.Redirect(library, TorchSharpLibrary.MissingSymbol, TorchSharpLibrary.HarmlessSymbol));

        int[] changed = [.. Enumerable.Range(0, library.Length).Where(i => library[i] != original[i])];
        Assert.InRange(changed.Length, 1, 4 + 2 + 2); // a name's offset, a version's index, a version's flags
    }

    [Fact]
    public void A_second_redirection_finds_nothing_to_do()
    {
        byte[] library = TorchSharpsLibrary();
        ElfImports.Redirect(library, TorchSharpLibrary.MissingSymbol, TorchSharpLibrary.HarmlessSymbol);
        byte[] once = [.. library];

        Assert.False(ElfImports.Redirect(library, TorchSharpLibrary.MissingSymbol, TorchSharpLibrary.HarmlessSymbol));

        Assert.Equal(once, library);
    }

    [Fact]
    public void A_library_without_the_import_stays_as_it_is()
    {
        byte[] library = TorchSharpsLibrary();

        Assert.False(ElfImports.Redirect(library, "no_such_import", TorchSharpLibrary.HarmlessSymbol));

        Assert.Equal(TorchSharpsLibrary(), library);
    }

    [Fact]
    public void A_replacement_that_is_not_imported_is_refused()
    {
        byte[] library = TorchSharpsLibrary();

        var e = Assert.Throws<InvalidDataException>(() => ElfImports.Redirect(library, TorchSharpLibrary.MissingSymbol, "no_such_import"));

        Assert.Contains("no_such_import", e.Message, StringComparison.Ordinal);
        Assert.Equal(TorchSharpsLibrary(), library);
    }

    [Fact]
    public void A_version_that_other_imports_need_cannot_become_optional()
    {
        // strlen shares its version with most of the C library.
        var e = Assert.Throws<InvalidDataException>(() =>
            ElfImports.Redirect(TorchSharpsLibrary(), "strlen", TorchSharpLibrary.HarmlessSymbol));

        Assert.Contains("not the only import", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MZ this is a Windows library, not one of Linux, and it is long enough to hold a header")]
    public void What_is_no_library_is_refused(string text)
    {
        byte[] file = System.Text.Encoding.ASCII.GetBytes(text);

        Assert.Throws<InvalidDataException>(() => ElfImports.Redirect(file, "a", "b"));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    [InlineData(2_000_000)]
    public void A_library_cut_short_is_refused(int length)
    {
        byte[] library = TorchSharpsLibrary()[..length];

        Assert.Throws<InvalidDataException>(() =>
            ElfImports.Redirect(library, TorchSharpLibrary.MissingSymbol, TorchSharpLibrary.HarmlessSymbol));
    }

    [Fact]
    public void TorchSharp_loads_and_its_library_on_disk_is_untouched()
    {
        using TorchSharp.torch.Tensor ones = TorchSharp.torch.ones(3);

        Assert.Equal(3, ones.sum().item<float>());
        byte[] library = TorchSharpsLibrary();
        Assert.True(ElfImports.Redirect(library, TorchSharpLibrary.MissingSymbol, TorchSharpLibrary.HarmlessSymbol));
    }
}
