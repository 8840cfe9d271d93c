using KeypointPipeline.Files;
using KeypointPipeline.Images.Codecs;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Images;

/// <summary>Decides by name which files of a dropped set are images, and lists the formats that are read. The format itself is
/// recognised by content.</summary>
public static class ImageNames
{
    private const int LongestEnding = 10;

    /// <summary>Endings of image formats that are not read. Such files are meant as images, so they are refused with a reason and not passed
    /// over.</summary>
    private static readonly string[] UnreadEndings =
    [
        ".gif", ".tif", ".tiff", ".heic", ".heif", ".hif", ".avif", ".jxl", ".jp2", ".j2k", ".jpx", ".ico", ".tga", ".psd", ".exr", ".hdr",
        ".pbm", ".pam", ".pfm", ".apng", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".raf", ".rw2", ".pef", ".svg",
    ];

    private static readonly string[] ArchiveEndings = [".tar", ".tgz", ".gz", ".bz2", ".tbz", ".tbz2", ".xz", ".txz", ".zst", ".7z", ".rar", ".lz", ".lzma"];

    /// <summary>The usual endings of the formats that are read. A folder, a zip and a single file follow this list.</summary>
    public static IReadOnlyList<string> Endings { get; } =
        [".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".png", ".webp", ".bmp", ".dib", ".pgm", ".ppm", ".pnm"];

    /// <summary>The formats that are read, for help: <c>JPEG, PNG, WebP, BMP, PGM or PPM</c>.</summary>
    public static string Formats { get; } = ImageFormats.List("or");

    /// <summary>Whether a name has one of <see cref="Endings"/>.</summary>
    public static bool HasImageEnding(string name) => IsOneOf(Endings, EndingOf(OwnName(name)));

    /// <summary>Whether a name has the ending of an image format, read or not.</summary>
    public static bool HasPictureEnding(string name) =>
        EndingOf(OwnName(name)) is { Length: > 0 } ending && (IsOneOf(Endings, ending) || IsOneOf(UnreadEndings, ending));

    /// <summary>Whether a file of a set is meant as an image: it has the ending of an image format, read or not, or it has no ending. The
    /// marker and hidden files (<see cref="FileNames.IsHidden"/>) are not.</summary>
    /// <param name="name">The name within the set, with <c>/</c> between its parts.</param>
    public static bool IsMeantAsImage(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string file = OwnName(name);
        return file.Length > 0 && file != BlobLayout.ReadyMarker && !FileNames.IsHidden(name)
            && EndingOf(file) is var ending && (ending.Length == 0 || HasPictureEnding(file));
    }

    /// <summary>Says why a single file cannot be read as an image or as a zip of images, by its name, and what to do.</summary>
    /// <returns>A message, or null if the name tells nothing.</returns>
    public static string? DescribeOther(string name)
    {
        string file = OwnName(name);
        if (FileNames.IsTable(file) || FileNames.IsGzippedTable(file))
            return $"{ShownText.Of(file)} is a table and holds no images. Give the folder, the zip or the image itself.";
        return IsOneOf(ArchiveEndings, EndingOf(file))
            ? $"{ShownText.Of(file)} is an archive of a kind that is not read; only {FileNames.Zip} is. Unpack it and give the folder."
            : null;
    }

    private static bool IsOneOf(IEnumerable<string> endings, string ending) => endings.Contains(ending, StringComparer.OrdinalIgnoreCase);

    private static string OwnName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return FileNames.LastPart(name);
    }

    /// <summary>Returns a name's ending with its dot, or an empty text. What follows the last dot of <c>IMG.0001</c> or <c>J. Smith</c> is no
    /// ending: an ending consists of at most ten letters and digits and is no number.</summary>
    private static string EndingOf(string file)
    {
        int dot = file.LastIndexOf('.');
        string ending = dot < 0 ? "" : file[dot..];
        return ending.Length is > 1 and <= LongestEnding + 1
            && ending[1..].All(c => char.IsLetterOrDigit(c) || c is '_' or '~' or '-')
            && !ending[1..].All(char.IsDigit)
            ? ending
            : "";
    }
}
