using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Images;

/// <summary>Decides by name which files of a dropped set are images, and lists the formats that are read.</summary>
public static class ImageNames
{
    /// <summary>The usual endings of the formats that are read. The format itself is recognised by content.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".jpg", ".jpeg", ".png", ".webp", ".bmp"];

    /// <summary>The formats that are read, for help: <c>JPEG, PNG, WebP or BMP</c>.</summary>
    public static string Formats { get; } = ImageFormats.List("or");

    /// <summary>Whether a single file is dropped as an image: its name has one of <see cref="Endings"/>.</summary>
    public static bool HasImageEnding(string name) => Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a file of a set is meant as an image. Every file is, except the marker and hidden files (<see cref="FileNames.IsHidden"/>).</summary>
    /// <param name="name">The name within the set, with <c>/</c> between its parts.</param>
    public static bool IsMeantAsImage(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string file = name[(name.LastIndexOf('/') + 1)..];
        return file.Length > 0 && file != BlobLayout.ReadyMarker && !FileNames.IsHidden(name);
    }
}
