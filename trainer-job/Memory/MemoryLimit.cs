using System.Globalization;
using KeypointPipeline.TrainerJob.Devices;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Memory;

/// <summary>The memory that a training may use: what the user states in <see cref="TrainerVariables.Memory"/>, or what is available.</summary>
internal static class MemoryLimit
{
    /// <summary>The value that switches the check off.</summary>
    public const string Any = "any";

    private static readonly (string Ending, long Bytes)[] Units = [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000)];

    /// <summary>Finds the limit.</summary>
    /// <param name="wish">The value of <see cref="TrainerVariables.Memory"/>, or null.</param>
    /// <param name="findAvailable">Tells what is available, or null if it is not known.</param>
    /// <returns>Null if there is no limit or it is not known.</returns>
    /// <exception cref="UnusableDeviceException">The value is not a size.</exception>
    public static AvailableMemory? Find(string? wish, Func<AvailableMemory?> findAvailable) => wish switch
    {
        null or "" or "auto" => findAvailable(),
        Any => null,
        _ => new AvailableMemory(Parse(wish), TrainerVariables.Memory),
    };

    private static long Parse(string wish)
    {
        foreach ((string ending, long bytes) in Units)
        {
            if (wish.EndsWith(ending, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(wish[..^ending.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
                return (long)Math.Min(number * bytes, long.MaxValue / 2.0);
        }

        throw new UnusableDeviceException(
            $"{TrainerVariables.Memory} is '{wish}'; it takes a size such as '12GB' or '900MB', 'auto' (the default: what is available) or '{Any}' (no check).");
    }
}
