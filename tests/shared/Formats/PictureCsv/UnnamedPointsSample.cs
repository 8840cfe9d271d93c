using System.Globalization;
using KeypointPipeline.Formats.PictureCsv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.PictureCsv;

/// <summary>A table as Udacity's P1_Facial_Keypoints has it: no name for the pictures, and numbers for x and y in turn.</summary>
internal sealed class UnnamedPointsSample : LabelSample
{
    public override ILabelFormat Format { get; } = new PictureCsvFormat();

    public override string Variant => "unnamed points";

    public override LabelFormatTraits Traits => new(States: false, Boxes: false, SeveralInstances: false, Writes: false);

    public override IReadOnlyList<string> FixedKeypoints => ["0", "1", "2", "3", "4"];

    public override bool CanMiss => false;

    public override string PicturePath(string name) => $"training/{name}";

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene)
    {
        IEnumerable<string> rows = scene.Pictures.SelectMany(picture => picture.Instances.Select(instance =>
            $"{picture.Name},{string.Join(',', instance.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X},{point.Y}")))}\n"));
        return [("training_frames_keypoints.csv", $",{string.Join(',', Enumerable.Range(0, 2 * scene.Keypoints.Count))}\n{string.Concat(rows)}")];
    }
}
