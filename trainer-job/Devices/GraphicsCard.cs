using System.Runtime.InteropServices;
using System.Text;

namespace KeypointPipeline.TrainerJob.Devices;

/// <summary>The graphics card that CUDA uses first. TorchSharp does not tell its name, so NVIDIA's driver is asked.</summary>
internal static unsafe class GraphicsCard
{
    private const string Unknown = "NVIDIA GPU";
    private const int LongestName = 256;

    /// <summary>Its name; in general words if the driver does not tell.</summary>
    public static string FindName()
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda" : "libcuda.so.1", out nint driver))
            return Unknown;
        try
        {
            var start = (delegate* unmanaged<uint, int>)NativeLibrary.GetExport(driver, "cuInit");
            var device = (delegate* unmanaged<int*, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGet");
            var nameOf = (delegate* unmanaged<byte*, int, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGetName");
            byte* name = stackalloc byte[LongestName];
            int number;
            return start(0) == 0 && device(&number, 0) == 0 && nameOf(name, LongestName, number) == 0
                ? Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name))
                : Unknown;
        }
        catch (EntryPointNotFoundException)
        {
            return Unknown;
        }
    }
}
