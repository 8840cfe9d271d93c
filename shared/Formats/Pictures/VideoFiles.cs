using KeypointPipeline.Files;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>Videos of a set. They are not read: their frames must be pictures.</summary>
internal static class VideoFiles
{
    private static readonly string[] Endings = [".mp4", ".m4v", ".avi", ".mov", ".mkv", ".mpg", ".mpeg", ".wmv", ".webm", ".mts", ".asf", ".ts"];

    /// <summary>Whether a name is that of a video.</summary>
    public static bool IsVideo(string name) => Array.Exists(Endings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns the videos of a set.</summary>
    public static IReadOnlyList<SetFile> Of(FileSet set) => [.. set.Files.Where(file => IsVideo(file.Path))];

    /// <summary>Says how to turn a video into pictures: a command that writes every frame and counts from 0, as DeepLabCut and OpenCV
    /// do.</summary>
    /// <param name="video">Path of the video.</param>
    /// <param name="pictures">Path of the pictures, with a placeholder for the frame's number: <c>labeled-data/video1/img%03d.png</c>.</param>
    public static string CommandFor(string video, string pictures) =>
        $"ffmpeg -i \"{ShownText.Of(video)}\" -fps_mode passthrough -start_number 0 \"{ShownText.Of(pictures)}\"";
}
