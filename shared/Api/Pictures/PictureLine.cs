using System.Text.Json;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results.Tables;

namespace KeypointPipeline.Api.Pictures;

/// <summary>A line of <c>keypoints.jsonl</c>, which has a result of one face or of a picture that failed.</summary>
/// <param name="Image">Name of the picture.</param>
/// <param name="Status">The status.</param>
/// <param name="Width">Width of the upright picture; null if it failed.</param>
/// <param name="Height">Height of the upright picture; null if it failed.</param>
/// <param name="Keypoints">The points by name; null if there are none.</param>
/// <param name="Error">Why it failed, or null.</param>
/// <param name="Face">The face's number, or null.</param>
/// <param name="Instance">The face's id, or null.</param>
/// <param name="Box">Left, top, width and height of its box, or null.</param>
/// <param name="Angle">Rotation of the box, or null.</param>
/// <param name="Uncertainty">The expected errors, or null.</param>
internal sealed record PictureLine(
    string Image,
    string Status,
    int? Width,
    int? Height,
    IReadOnlyDictionary<string, double[]?>? Keypoints,
    string? Error,
    int? Face,
    string? Instance,
    double[]? Box,
    double? Angle,
    double?[]? Uncertainty)
{
    /// <summary>Parses a line. Returns null if it is none.</summary>
    public static PictureLine? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<PictureLine>(line, Serialization.PipelineJson.Compact) is { Image: not null } parsed ? parsed : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the whole picture failed: a first line without points.</summary>
    public bool IsFailedPicture => Error is not null && Face is null or 1;

    /// <summary>The face as the endpoint shows it.</summary>
    public PictureFace ToFace(IReadOnlyList<string> names) => new(
        Status,
        Face,
        Instance,
        Keypoints is null ? null : [.. names.Select(name => (IReadOnlyList<double>?)Keypoints.GetValueOrDefault(name))],
        Uncertainty,
        Box,
        Angle,
        Error);

    /// <summary>The result, to rank it.</summary>
    public ImageResult ToResult(KeypointSchema schema) => new(
        Image,
        Width,
        Height,
        Keypoints is null ? null : [.. schema.Names.SelectMany(name => Keypoints.GetValueOrDefault(name) is [double x, double y] ? (double?[])[x, y] : [null, null])],
        Error,
        Uncertainty)
    {
        Face = Face,
        Instance = Instance,
        LacksPlace = Status == KeypointsCsv.Whole,
        IsDoubtful = Status == KeypointsCsv.Doubtful,
        IsWithoutFace = Status == KeypointsCsv.WithoutFace,
        Box = Box is [double left, double top, double width, double height] ? new PictureBox(left, top, width, height, Angle ?? 0) : null,
        Scale = Box is [_, _, double w, double h] ? Math.Max(w / schema.FrameWidth, h / schema.FrameHeight) : null,
    };
}
