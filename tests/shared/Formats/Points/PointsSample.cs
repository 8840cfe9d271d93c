using System.Globalization;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.Points;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.Points;

/// <summary>300-W: a file per face beside its picture. The first pixel is 1,1.</summary>
internal sealed class PointsSample : LabelSample
{
    /// <inheritdoc/>
    public override ILabelFormat Format { get; } = new PointsFormat();

    /// <inheritdoc/>
    public override IReadOnlyList<string> FixedKeypoints => ["0", "1", "2", "3", "4"];

    /// <inheritdoc/>
    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene) => scene.Pictures.Select(picture =>
        ($"{picture.Name.Replace(".png", "", StringComparison.Ordinal)}.pts", $"version: 1\nn_points:  {scene.Keypoints.Count}\n{{\n{string.Concat(picture.Instances[0].Points.Select(Line))}}}\n"));

    private static string Line(ScenePoint point) => string.Create(CultureInfo.InvariantCulture, $"{point.X + 1} {point.Y + 1}\n");
}
