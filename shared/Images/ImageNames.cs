using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Images;

/// <summary>Which files of a dropped set are images.</summary>
public static class ImageNames
{
    /// <summary>Whether a file is meant as an image: every file that has a name, except the marker and hidden files.</summary>
    /// <param name="name">The name within the set, with <c>/</c> between its parts.</param>
    public static bool IsMeantAsImage(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string file = name[(name.LastIndexOf('/') + 1)..];
        return file.Length > 0 && file != BlobLayout.ReadyMarker && !FileNames.IsHidden(name);
    }
}
