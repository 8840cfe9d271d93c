using System.Globalization;
using System.Security;
using System.Text;
using KeypointPipeline.Formats.Imglab;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.Imglab;

/// <summary>An imglab file as dlib writes it. Parts are in the order of their names.</summary>
internal sealed class ImglabSample : LabelSample
{
    public override ILabelFormat Format { get; } = new ImglabFormat();

    public override IReadOnlyList<string> FixedKeypoints { get; } = [.. SceneDraw.FaceNames.Order(StringComparer.Ordinal)];

    public override double Step => 1;

    public override bool StatesSize => true;

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene)
    {
        var xml = new StringBuilder("<?xml version='1.0' encoding='ISO-8859-1'?>\n<?xml-stylesheet type='text/xsl' href='image_metadata_stylesheet.xsl'?>\n<dataset>\n<name>faces</name>\n<comment>Created by imglab tool.</comment>\n<images>\n");
        foreach (ScenePicture picture in scene.Pictures)
        {
            xml.Append(CultureInfo.InvariantCulture, $"  <image file='{SecurityElement.Escape(picture.Name)}' width='{picture.Width}' height='{picture.Height}'>\n");
            foreach (SceneInstance instance in picture.Instances)
            {
                xml.Append(CultureInfo.InvariantCulture, $"    <box top='{instance.Box.Top}' left='{instance.Box.Left}' width='{instance.Box.Width}' height='{instance.Box.Height}'>\n");
                foreach ((string name, ScenePoint point) in scene.Keypoints.Zip(instance.Points).Where(part => part.Second.IsPlaced))
                    xml.Append(CultureInfo.InvariantCulture, $"      <part name='{SecurityElement.Escape(name)}' x='{point.X}' y='{point.Y}'/>\n");
                xml.Append("    </box>\n");
            }

            xml.Append("  </image>\n");
        }

        yield return ("training.xml", xml.Append("</images>\n</dataset>").ToString());
    }
}
