using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.Win32.SafeHandles;

namespace KeypointPipeline.TrainerJob.Native;

/// <summary>Lets TorchSharp load where the system's C++ library is older than GCC 13's: Debian 12, Ubuntu 22.04, RHEL 9.</summary>
/// <remarks>
/// <para><c>libLibTorchSharp.so</c> 0.107 was linked by GCC 13 and asks libstdc++ for version GLIBCXX_3.4.32, for one symbol
/// only: <c>std::ios_base_library_init()</c>. That function has no arguments, no result and does nothing; GCC 13 made every file
/// that includes <c>&lt;iostream&gt;</c> call it so that such a file needs a library that sets the streams up by itself. With an
/// older library they are set up by the static initialisers of libtorch, which TorchSharp's library needs and which run first.</para>
/// <para>So the call can go anywhere harmless. When the ordinary load has failed, and only where libstdc++ lacks the symbol,
/// this loads a copy whose one import points at <c>std::chrono::steady_clock::now()</c> (no arguments, result ignored, already
/// imported) and whose need of GLIBCXX_3.4.32 is marked weak. The copy lives in anonymous memory (memfd_create), never on disk:
/// it works in read-only folders, concurrent starts cannot meet, and neither the package cache nor the application's folder
/// changes.</para>
/// </remarks>
internal static partial class TorchSharpLibrary
{
    /// <summary>The import that old C++ libraries lack.</summary>
    internal const string MissingSymbol = "_ZSt21ios_base_library_initv";

    /// <summary>The import that takes its place.</summary>
    internal const string HarmlessSymbol = "_ZNSt6chrono3_V212steady_clock3nowEv";

    private const string Name = "LibTorchSharp";
    private const string FileName = "libLibTorchSharp.so";

    /// <summary>Asks to be called when TorchSharp's library cannot be loaded the ordinary way: costs nothing until then.</summary>
    [ModuleInitializer]
    internal static void Register()
    {
        if (OperatingSystem.IsLinux())
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
    }

    /// <summary>Whether this system's libstdc++ lacks what TorchSharp's library asks for.</summary>
    internal static bool IsNeeded() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out nint library) && !NativeLibrary.TryGetExport(library, MissingSymbol, out _);

    /// <summary>The path of TorchSharp's own library among the application's native files.</summary>
    /// <returns>Null where it is in none of the folders the runtime searches.</returns>
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
            return 0; // the ordinary load failed for a reason of its own, and says so
        byte[] library = File.ReadAllBytes(original);
        return ElfImports.Redirect(library, MissingSymbol, HarmlessSymbol) ? LoadFromMemory(library, Path.GetDirectoryName(original)!) : 0;
    }

    private static nint LoadFromMemory(byte[] library, string folder)
    {
        // In memory the library has no folder to find its neighbours in; loaded before, they are found by their names.
        NativeLibrary.Load(Path.Combine(folder, "libtorch.so"));

        using SafeFileHandle memory = CreateMemoryFile(FileName, closeOnExec: 1);
        if (memory.IsInvalid)
            throw new DllNotFoundException($"memfd_create failed with error {Marshal.GetLastPInvokeError()}; install a libstdc++ of GCC 13 or newer.");
        RandomAccess.Write(memory, library, fileOffset: 0);
        return NativeLibrary.Load($"/proc/self/fd/{memory.DangerousGetHandle()}");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle CreateMemoryFile(string name, uint closeOnExec);
}
