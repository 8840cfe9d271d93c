using System.Globalization;
using System.Runtime.InteropServices;

namespace KeypointPipeline.Local.Machine.Processes;

/// <summary>Files that the caller of this process had open. A detached program must not keep them: a lock that a shell holds through an
/// open file would last as long as the program.</summary>
internal static partial class InheritedFiles
{
    private const int FirstAfterStandardStreams = 3;
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;

    /// <summary>Keeps inherited files from programs that this process starts from now on. Works on Linux only, where <c>/proc</c>
    /// lists the open files. .NET opens its own files in that way already.</summary>
    public static void KeepFromPrograms()
    {
        if (!OperatingSystem.IsLinux())
            return;
        foreach (string file in Directory.EnumerateFileSystemEntries("/proc/self/fd").ToArray())
        {
            int descriptor = int.Parse(Path.GetFileName(file), CultureInfo.InvariantCulture);
            if (descriptor >= FirstAfterStandardStreams)
                _ = ControlFile(descriptor, SetDescriptorFlags, CloseOnExec);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int ControlFile(int descriptor, int command, int argument);
}
