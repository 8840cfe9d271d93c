using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>Says where labels go in storage whose pictures are files.</summary>
internal static class LabelledFolder
{
    /// <summary>What to do with such a label file that lies alone, as a sentence.</summary>
    public const string Advice =
        $"Put it with its pictures into a folder, datasets/{{name}}/, that the marker {BlobLayout.ReadyMarker} completes, or into a zip.";

    private static readonly string[] Endings =
        [.. LabelFormats.All.SelectMany(format => format.Endings).Distinct(StringComparer.OrdinalIgnoreCase).Where(ending => !FileNames.IsDataset(ending))];

    /// <summary>Whether a file that is no table may hold labels that name pictures, judged by its name.</summary>
    public static bool MayNamePictures(string name) =>
        !SetSidecar.IsSidecar(name) && Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
