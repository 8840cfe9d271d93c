using System.Globalization;
using System.Security;
using System.Text;
using KeypointPipeline.Formats.Cvat;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.Cvat;

/// <summary>What all exports of CVAT have in common: two decimals, measured at pixel edges, and the pictures in <c>images/</c>.</summary>
internal abstract class CvatSample : LabelSample
{
    public override ILabelFormat Format { get; } = new CvatFormat();

    public override bool StatesSize => true;

    public override double Tolerance => 0.0051;

    public override string PicturePath(string name) => $"images/{name}";

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene)
    {
        var xml = new StringBuilder($"""
            <?xml version="1.0" encoding="utf-8"?>
            <annotations>
              <version>1.1</version>
              <meta>
                <task>
                  <id>4</id>
                  <name>faces</name>
                  <mode>annotation</mode>
                  <labels>
            {string.Concat(Labels(scene).Select(Label))}      </labels>
                </task>
                <dumped>2024-05-01 10:00:00.000000+00:00</dumped>
              </meta>

            """);
        for (int i = 0; i < scene.Pictures.Count; i++)
        {
            ScenePicture picture = scene.Pictures[i];
            xml.Append(CultureInfo.InvariantCulture, $"  <image id=\"{i}\" name=\"{Escape(picture.Name)}\" width=\"{picture.Width}\" height=\"{picture.Height}\">\n");
            for (int k = 0; k < picture.Instances.Count; k++)
                xml.Append(Shapes(scene, picture.Instances[k], group: k + 1));
            xml.Append("  </image>\n");
        }

        return [("annotations.xml", xml.Append("</annotations>\n").ToString())];
    }

    /// <summary>The labels of the project, and the skeleton that a label belongs to.</summary>
    protected abstract IEnumerable<(string Name, string? Parent)> Labels(LabelScene scene);

    /// <summary>The shapes of an instance.</summary>
    protected abstract string Shapes(LabelScene scene, SceneInstance instance, int group);

    protected static string Box(SceneInstance instance, string group) => Line(
        $"    <box label=\"face\" source=\"manual\" occluded=\"0\" xtl=\"{Text(instance.Box.Left)}\" ytl=\"{Text(instance.Box.Top)}\" xbr=\"{Text(instance.Box.Left + instance.Box.Width)}\" ybr=\"{Text(instance.Box.Top + instance.Box.Height)}\" z_order=\"0\"{group}>\n    </box>");

    protected static string Occluded(ScenePoint point) => point.State == LabelState.Occluded ? "1" : "0";

    protected static string Pair(ScenePoint point) => $"{Text(point.X + 0.5)},{Text(point.Y + 0.5)}";

    protected static string Escape(string text) => SecurityElement.Escape(text);

    protected static string Line(string text) => text + "\n";

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Label((string Name, string? Parent) label) =>
        $"        <label>\n          <name>{Escape(label.Name)}</name>\n          <color>#33ddff</color>\n          <type>points</type>\n          <attributes>\n          </attributes>\n{(label.Parent is null ? "" : $"          <parent>{label.Parent}</parent>\n")}        </label>\n";
}

/// <summary>Skeletons and boxes in groups. A point that is not labelled is outside, and lies where the annotator left it.</summary>
internal sealed class CvatSkeletonSample : CvatSample
{
    public override string Variant => "skeletons";

    protected override IEnumerable<(string Name, string? Parent)> Labels(LabelScene scene) =>
        [("face", null), ("landmarks", null), .. scene.Keypoints.Select(name => (name, (string?)"landmarks"))];

    protected override string Shapes(LabelScene scene, SceneInstance instance, int group) =>
        Line($"    <skeleton label=\"landmarks\" source=\"manual\" z_order=\"0\" group_id=\"{group}\">")
        + string.Concat(instance.Points.Select((point, k) => Line(point.IsPlaced
            ? $"      <points label=\"{Escape(scene.Keypoints[k])}\" source=\"manual\" outside=\"0\" occluded=\"{Occluded(point)}\" points=\"{Pair(point)}\">\n      </points>"
            : $"      <points label=\"{Escape(scene.Keypoints[k])}\" source=\"manual\" outside=\"1\" occluded=\"0\" points=\"12.00,9.50\">\n      </points>")).Reverse())
        + Line("    </skeleton>")
        + Box(instance, $" group_id=\"{group}\"");
}

/// <summary>A shape for each point, with a label for each keypoint, and groups.</summary>
internal sealed class CvatPointsSample : CvatSample
{
    public override string Variant => "points";

    protected override IEnumerable<(string Name, string? Parent)> Labels(LabelScene scene) => [("face", null), .. scene.Keypoints.Select(name => (name, (string?)null))];

    protected override string Shapes(LabelScene scene, SceneInstance instance, int group) =>
        Box(instance, $" group_id=\"{group}\"")
        + string.Concat(instance.Points.Select((point, k) => (point, k)).Where(entry => entry.point.IsPlaced).Select(entry => Line(
            $"    <points label=\"{Escape(scene.Keypoints[entry.k])}\" source=\"manual\" occluded=\"{Occluded(entry.point)}\" points=\"{Pair(entry.point)}\" z_order=\"0\" group_id=\"{group}\">\n    </points>")));
}

/// <summary>A shape of several points for each instance, without names and boxes.</summary>
internal sealed class CvatNumberedSample : CvatSample
{
    public override string Variant => "numbered points";

    public override LabelFormatTraits Traits => new(States: false, Boxes: false, SeveralInstances: true, Writes: false);

    public override IReadOnlyList<string> FixedKeypoints => ["0", "1", "2", "3", "4"];

    public override bool CanMiss => false;

    public override LabelState StateAsRead(LabelState written) => written;

    protected override IEnumerable<(string Name, string? Parent)> Labels(LabelScene scene) => [("face", null)];

    protected override string Shapes(LabelScene scene, SceneInstance instance, int group) => Line(
        $"    <points label=\"face\" source=\"manual\" occluded=\"0\" points=\"{string.Join(';', instance.Points.Select(Pair))}\" z_order=\"0\">\n    </points>");
}
