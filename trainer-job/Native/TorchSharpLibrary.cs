using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.Win32.SafeHandles;

namespace KeypointPipeline.TrainerJob.Native;

/// <summary>Lets TorchSharp load on systems whose C++ library is older than GCC 13's: Debian 12, Ubuntu 22.04, RHEL 9.</summary>
/// <remarks>
/// <para><c>libLibTorchSharp.so</c> 0.107 was linked by GCC 13 and needs version GLIBCXX_3.4.32 of libstdc++ for a single
/// symbol, <c>std::ios_base_library_init()</c>. That function has no arguments, no result and no effect. Since GCC 13, every file that
/// includes <c>&lt;iostream&gt;</c> calls it, so that such a file needs a library that initializes the streams by itself. With an older
/// library, the static initializers of libtorch initialize the streams, and they run before TorchSharp's library is used.</para>
/// <para>The call can therefore go to any harmless function. If the ordinary load fails and libstdc++ lacks the symbol, this class
/// loads a copy in which that import points to <c>std::chrono::steady_clock::now()</c> (no arguments, already imported; its result is
/// ignored) and in which GLIBCXX_3.4.32 is marked weak. The copy is in anonymous memory (memfd_create), never on disk. So it works in
/// read-only folders, concurrent starts do not collide, and neither the package cache nor the application's folder changes.</para>
/// <para>The patch is for that version only. With another version, or a library that is built in another way, loading fails with an
/// error that says so.</para>
/// </remarks>
internal static partial class TorchSharpLibrary
{
    /// <summary>The import that old C++ libraries lack.</summary>
    internal const string MissingSymbol = "_ZSt21ios_base_library_initv";

    /// <summary>The import that replaces it.</summary>
    internal const string HarmlessSymbol = "_ZNSt6chrono3_V212steady_clock3nowEv";

    /// <summary>The version of TorchSharp that the patch was written for.</summary>
    internal static readonly Version Expected = new(0, 107);

    private const string Name = "LibTorchSharp";
    private const string FileName = "libLibTorchSharp.so";

    /// <summary>Registers for the case that TorchSharp's library cannot be loaded the ordinary way. Costs nothing until then.</summary>
    [ModuleInitializer]
    internal static void Register()
    {
        if (OperatingSystem.IsLinux())
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
    }

    /// <summary>Whether this system's libstdc++ lacks the symbol that TorchSharp's library needs.</summary>
    internal static bool IsNeeded() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out nint library) && !NativeLibrary.TryGetExport(library, MissingSymbol, out _);

    /// <summary>The path of TorchSharp's own library among the application's native files.</summary>
    /// <returns>Null if it is in none of the folders that the runtime searches.</returns>
    internal static string? FindOriginal()
    {
        string searched = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? string.Empty;
        return searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Select(folder => Path.Combine(folder, FileName))
            .FirstOrDefault(File.Exists);
    }

    private static nint Resolve(Assembly assembly, string name)
    {
        if (name != Name || !IsNeeded() || FindOriginal() is not string original)
            return 0; // the ordinary load failed for another reason and reports it
        byte[] library = File.ReadAllBytes(original);
        Patch(library, assembly.GetName().Version);
        return LoadFromMemory(library, Path.GetDirectoryName(original)!);
    }

    /// <summary>Checks, where this system needs the patch, that the library is the version that the patch was written for. Call it before torch is
    /// used: TorchSharp hides an error of loading in a long trace, after it has copied its libraries to try again.</summary>
    /// <exception cref="DllNotFoundException">It is not; the message says what was expected, what was found and what to do.</exception>
    internal static void Check()
    {
        if (OperatingSystem.IsLinux() && IsNeeded() && FindOriginal() is string original)
            Patch(File.ReadAllBytes(original), typeof(TorchSharp.torch).Assembly.GetName().Version);
    }

    /// <summary>Patches TorchSharp's library, in place.</summary>
    /// <param name="library">Its bytes.</param>
    /// <param name="version">Its version.</param>
    /// <exception cref="DllNotFoundException">It is not the library that the patch was written for.</exception>
    internal static void Patch(Span<byte> library, Version? version)
    {
        if (version?.Major != Expected.Major || version.Minor != Expected.Minor)
            throw CannotPatch($"The patch expects version {Expected}, but this is {version}.", innerException: null);
        try
        {
            if (!ElfImports.Redirect(library, MissingSymbol, HarmlessSymbol))
                throw CannotPatch($"The patch expects that the library imports {MissingSymbol}, but it does not.", innerException: null);
        }
        catch (InvalidDataException e)
        {
            throw CannotPatch($"The patch expects another layout: {e.Message}", e);
        }
    }

    private static DllNotFoundException CannotPatch(string found, Exception? innerException) => new(
        $"TorchSharp's {FileName} does not load with this system's C++ library, and it cannot be patched. {found} "
        + "Install a libstdc++ of GCC 13 or newer, or adapt trainer-job/Native/TorchSharpLibrary.cs to the new version of TorchSharp.",
        innerException);

    private static nint LoadFromMemory(byte[] library, string folder)
    {
        // A library in memory has no folder in which to find its neighbours. Once loaded, they are found by name.
        NativeLibrary.Load(Path.Combine(folder, "libtorch.so"));

        using SafeFileHandle memory = CreateMemoryFile(FileName, closeOnExec: 1);
        if (memory.IsInvalid)
            throw new DllNotFoundException($"memfd_create failed with error {Marshal.GetLastPInvokeError()}. Install a libstdc++ of GCC 13 or newer.");
        RandomAccess.Write(memory, library, fileOffset: 0);
        return NativeLibrary.Load($"/proc/self/fd/{memory.DangerousGetHandle()}");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle CreateMemoryFile(string name, uint closeOnExec);
}
