using System.Globalization;

namespace KeypointPipeline.Fuzz.Tests.Labels;

/// <summary>Draws small, correct label files of every format whose pictures are files.</summary>
internal static class LabelSeeds
{
    private static readonly string[] Names = ["left_eye", "right_eye", "nose"];
    private static readonly string[] CelebANames = ["lefteye", "righteye", "nose", "leftmouth", "rightmouth"];

    /// <summary>The formats: each returns label files with their paths.</summary>
    public static IReadOnlyList<(string Name, Func<Random, IEnumerable<(string Path, string Text)>> Draw)> All { get; } =
    [
        ("wide table", Wide), ("table with boxes and states", WideWithBoxes), ("Udacity", Udacity), ("long table", Long), ("CelebA csv", CelebACsv),
        ("CelebA txt", CelebAText), ("HRNet", Hrnet), ("COCO", Coco), ("YOLO-pose", Yolo), ("imglab", Imglab), ("DeepLabCut", DeepLabCut),
        ("DeepLabCut, several animals", DeepLabCutMulti), ("Label Studio", LabelStudio), ("Label Studio csv", LabelStudioCsv), ("LabelMe", LabelMe), ("VIA", Via),
        ("VIA json", ViaJson), ("VIA project", ViaProject), ("VIA 3", ViaThirdProject), ("pts", Points), ("CVAT, skeletons", CvatSkeletons),
        ("CVAT, points", CvatPoints),
    ];

    /// <summary>Names of the pictures that the files may name.</summary>
    public static IReadOnlyList<string> Pictures { get; } = ["a.png", "b.png", "c.png", "d.png"];

    private static IEnumerable<(string, string)> Wide(Random random) =>
    [
        ("labels.csv", Lines(
            $"image,{string.Join(',', Names.Select(name => $"{name}_x,{name}_y"))}",
            LabelFace.Draw(random, 3).Select(face => $"{face.Picture},{face.Pairs(",")}"))),
    ];

    private static IEnumerable<(string, string)> WideWithBoxes(Random random) =>
    [
        ("labels.csv", Lines(
            $"image,{string.Join(',', Names.Select(name => $"{name}_x,{name}_y,{name}_v"))},box_x,box_y,box_width,box_height,group",
            LabelFace.Draw(random, 3).Select(face =>
                $"{face.Picture},{string.Join(',', face.X.Select((x, k) => $"{LabelFace.Text(x)},{LabelFace.Text(face.Y[k])},{random.Next(3)}"))},1,1,30,28,p{random.Next(2)}"))),
    ];

    private static IEnumerable<(string, string)> Udacity(Random random) =>
    [
        ("training_frames_keypoints.csv", Lines(
            $",{string.Join(',', Enumerable.Range(0, 8))}", LabelFace.Draw(random, 4).Select(face => $"{face.Picture},{face.Pairs(",")}"))),
    ];

    private static IEnumerable<(string, string)> Long(Random random) =>
    [
        ("long.csv", Lines(
            "image,keypoint,x,y,visibility",
            LabelFace.Draw(random, 3).SelectMany(face => Names.Select((name, k) => $"{face.Picture},{name},{LabelFace.Text(face.X[k])},{LabelFace.Text(face.Y[k])},2")))),
    ];

    private static IEnumerable<(string, string)> CelebACsv(Random random) =>
    [
        ("list_landmarks_align_celeba.csv", Lines(
            $"image_id,{string.Join(',', CelebANames.Select(name => $"{name}_x,{name}_y"))}",
            Whole(LabelFace.Draw(random, 5)).Select(face => $"{face.Picture},{face.Pairs(",")}"))),
    ];

    private static IEnumerable<(string, string)> CelebAText(Random random)
    {
        LabelFace[] faces = Whole(LabelFace.Draw(random, 5));
        yield return ("list_landmarks_align_celeba.txt", Lines(
            $"{faces.Length}\n{string.Join(' ', CelebANames.Select(name => $"{name}_x {name}_y"))} ", faces.Select(face => $"{face.Picture}  {face.Pairs("  ")}")));
    }

    private static IEnumerable<(string, string)> Hrnet(Random random) =>
    [
        ("face_landmarks_train.csv", Lines(
            $"image_name,scale,center_w,center_h,{string.Join(',', Enumerable.Range(0, 4).Select(k => $"original_{k}_x,original_{k}_y"))}",
            LabelFace.Draw(random, 4).Select(face => $"{face.Picture},0.12,20,16,{face.Pairs(",")}"))),
    ];

    private static IEnumerable<(string, string)> Coco(Random random)
    {
        LabelFace[] faces = LabelFace.Draw(random, 3);
        string[] pictures = [.. faces.Select(face => face.Picture).Distinct()];
        string images = string.Join(',', pictures.Select((picture, i) => $$"""{"id":{{i}},"file_name":"{{picture}}","width":{{LabelFace.Width}},"height":{{LabelFace.Height}}}"""));
        string annotations = string.Join(',', faces.Select((face, i) =>
            $$"""{"id":{{i}},"image_id":{{Array.IndexOf(pictures, face.Picture)}},"category_id":1,"iscrowd":0,"num_keypoints":3,"bbox":[1,1,30,28],"keypoints":[{{string.Join(',', face.X.Select((x, k) => $"{LabelFace.Text(x)},{LabelFace.Text(face.Y[k])},{random.Next(1, 3)}"))}}]}"""));
        string categories = $$"""[{"id":1,"name":"face","keypoints":[{{string.Join(',', Names.Select(name => $"\"{name}\""))}}],"skeleton":[[1,2]]}]""";
        yield return ("coco.json", $$"""{"images":[{{images}}],"annotations":[{{annotations}}],"categories":{{categories}}}""");
    }

    private static IEnumerable<(string, string)> Yolo(Random random)
    {
        yield return ("data.yaml", "path: .\ntrain: .\nval: .\nkpt_shape: [3, 3]\nflip_idx: [1, 0, 2]\nnames:\n  0: face\n");
        foreach (IGrouping<string, LabelFace> picture in LabelFace.Draw(random, 3).GroupBy(face => face.Picture))
        {
            yield return (Path.ChangeExtension(picture.Key, ".txt"), Lines(null, picture.Select(face =>
                $"0 0.5 0.5 0.8 0.9 {string.Join(' ', face.X.Select((x, k) => $"{LabelFace.Text(x / LabelFace.Width)} {LabelFace.Text(face.Y[k] / LabelFace.Height)} {random.Next(3)}"))}")));
        }
    }

    private static IEnumerable<(string, string)> Imglab(Random random)
    {
        IEnumerable<string> images = Whole(LabelFace.Draw(random, 3)).GroupBy(face => face.Picture).Select(picture =>
            $"  <image file='{picture.Key}'>\n{string.Concat(picture.Select(face => $"    <box top='1' left='1' width='30' height='28'>{string.Concat(face.X.Select((x, k) => $"<part name='{k:D2}' x='{LabelFace.Text(x)}' y='{LabelFace.Text(face.Y[k])}'/>"))}</box>\n"))}  </image>\n");
        yield return ("labels.xml", $"<?xml version='1.0' encoding='ISO-8859-1'?>\n<dataset>\n<name>faces</name>\n<images>\n{string.Concat(images)}</images>\n</dataset>\n");
    }

    private static IEnumerable<(string, string)> CvatSkeletons(Random random) => Cvat(random, (face, group) =>
        $"<skeleton label=\"face\" source=\"manual\" z_order=\"0\" group_id=\"{group}\">\n{CvatPoints(face, " outside=\"0\"")}</skeleton>\n<box label=\"head\" occluded=\"0\" xtl=\"1.00\" ytl=\"1.00\" xbr=\"31.00\" ybr=\"29.00\" rotation=\"5.00\" group_id=\"{group}\">\n</box>\n");

    private static IEnumerable<(string, string)> CvatPoints(Random random) => Cvat(random, (face, group) => CvatPoints(face, $" group_id=\"{group}\""));

    private static IEnumerable<(string, string)> Cvat(Random random, Func<LabelFace, int, string> shapes)
    {
        IEnumerable<string> images = LabelFace.Draw(random, 3).GroupBy(face => face.Picture).Select((picture, i) =>
            $"<image id=\"{i}\" name=\"{picture.Key}\" width=\"{LabelFace.Width}\" height=\"{LabelFace.Height}\">\n{string.Concat(picture.Select((face, k) => shapes(face, k + 1)))}</image>\n");
        string labels = string.Concat(Names.Select(name => $"<label>\n<name>{name}</name>\n<attributes>\n</attributes>\n<parent>face</parent>\n</label>\n"));
        yield return ("annotations.xml", $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n<version>1.1</version>\n<meta>\n<task>\n<labels>\n{labels}</labels>\n</task>\n</meta>\n{string.Concat(images)}</annotations>\n");
    }

    private static string CvatPoints(LabelFace face, string more) => string.Concat(face.X.Select((x, k) =>
        $"<points label=\"{Names[k]}\" source=\"manual\" occluded=\"{k % 2}\" points=\"{LabelFace.Text(x + 0.5)},{LabelFace.Text(face.Y[k] + 0.5)}\"{more}>\n<attribute name=\"sure\">true</attribute>\n</points>\n"));

    private static IEnumerable<(string, string)> DeepLabCut(Random random) =>
    [
        ("CollectedData_lab.csv", Lines(
            $"scorer,{string.Join(',', Enumerable.Repeat("lab", 6))}\nbodyparts,{string.Join(',', Names.Select(name => $"{name},{name}"))}\ncoords,x,y,x,y,x,y",
            LabelFace.Draw(random, 3).DistinctBy(face => face.Picture).Select(face => $"labeled-data/v/{face.Picture},{face.Pairs(",")}"))),
    ];

    private static IEnumerable<(string, string)> DeepLabCutMulti(Random random) =>
    [
        ("CollectedData_lab.csv", Lines(
            "scorer,,,lab,lab,lab,lab,lab,lab,lab,lab\nindividuals,,,m1,m1,m1,m1,m2,m2,m2,m2\nbodyparts,,,left_eye,left_eye,nose,nose,left_eye,left_eye,nose,nose\ncoords,,,x,y,x,y,x,y,x,y",
            LabelFace.Draw(random, 4).DistinctBy(face => face.Picture).Select(face => $"labeled-data,v,{face.Picture},{face.Pairs(",")}"))),
    ];

    private static IEnumerable<(string, string)> LabelStudio(Random random)
    {
        IEnumerable<string> tasks = LabelFace.Draw(random, 3).Select((face, i) =>
            $$"""{"id":{{i}},"data":{"img":"/data/upload/1/0123abcd-{{face.Picture}}"},"annotations":[{"id":{{i}},"completed_by":1,"was_cancelled":false,"result":[{{string.Join(',', Names.Select((name, k) => Region(face, name, k)))}}]}],"predictions":[]}""");
        yield return ("project-1.json", $"[{string.Join(',', tasks)}]");
    }

    private static string Region(LabelFace face, string name, int k) =>
        $$$"""{"id":"r{{{k}}}","type":"keypointlabels","from_name":"kp","to_name":"img","original_width":{{{LabelFace.Width}}},"original_height":{{{LabelFace.Height}}},"image_rotation":0,"value":{"x":{{{Percent(face.X[k], LabelFace.Width)}}},"y":{{{Percent(face.Y[k], LabelFace.Height)}}},"width":0.5,"keypointlabels":["{{{name}}}"]}}""";

    private static IEnumerable<(string, string)> LabelStudioCsv(Random random) =>
    [
        ("project-1.csv", Lines("id,img,kp,annotator", LabelFace.Draw(random, 3).Select((face, i) =>
        {
            string cell = $"[{string.Join(", ", Names.Select((name, k) => $$"""{"x": {{Percent(face.X[k], LabelFace.Width)}}, "y": {{Percent(face.Y[k], LabelFace.Height)}}, "width": 0.5, "keypointlabels": ["{{name}}"], "original_width": {{LabelFace.Width}}, "original_height": {{LabelFace.Height}}}"""))}]";
            return $"{i},/data/upload/1/0123abcd-{face.Picture},\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\",1";
        }))),
    ];

    private static IEnumerable<(string, string)> LabelMe(Random random) => LabelFace.Draw(random, 3).GroupBy(face => face.Picture).Select(picture => (
        Path.ChangeExtension(picture.Key, ".json"),
        $$"""
        {
          "version": "5.5.0",
          "flags": {},
          "shapes": [
            {{string.Join(",\n    ", picture.SelectMany((face, i) => LabelMeShapes(face, i + 1)))}}
          ],
          "imagePath": "{{picture.Key}}",
          "imageData": null,
          "imageHeight": {{LabelFace.Height}},
          "imageWidth": {{LabelFace.Width}}
        }
        """));

    private static IEnumerable<string> LabelMeShapes(LabelFace face, int group) => Names
        .Select((name, k) => $$"""{"label": "{{name}}", "points": [[{{LabelFace.Text(face.X[k] + 0.5)}}, {{LabelFace.Text(face.Y[k] + 0.5)}}]], "group_id": {{group}}, "shape_type": "point", "difficult": false, "flags": {} }""")
        .Prepend($$"""{"label": "face", "points": [[1, 1], [31, 29]], "group_id": {{group}}, "shape_type": "rectangle", "difficult": false, "flags": {} }""");

    private static IEnumerable<(string, string)> Via(Random random) =>
    [
        ("via_export_csv.csv", Lines(
            "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes",
            LabelFace.Draw(random, 3).DistinctBy(face => face.Picture).SelectMany(face => Names.Select((name, k) => string.Create(
                CultureInfo.InvariantCulture,
                $"{face.Picture},900,\"{{}}\",3,{k},\"{{\"\"name\"\":\"\"point\"\",\"\"cx\"\":{(int)face.X[k]},\"\"cy\"\":{(int)face.Y[k]}}}\",\"{{\"\"name\"\":\"\"{name}\"\"}}\""))))),
    ];

    private static IEnumerable<(string, string)> ViaJson(Random random) => [("via_export_json.json", $"{{{ViaPictures(random)}}}")];

    private static IEnumerable<(string, string)> ViaProject(Random random) =>
        [("via_project.json", $$"""{"_via_settings":{"core":{ } },"_via_img_metadata":{ {{ViaPictures(random)}} },"_via_attributes":{"region":{},"file":{} } }""")];

    private static IEnumerable<(string, string)> ViaThirdProject(Random random)
    {
        LabelFace[] faces = [.. LabelFace.Draw(random, 3).DistinctBy(face => face.Picture)];
        string files = string.Join(",\n", faces.Select((face, i) => $$"""  "{{i + 1}}":{"fid":"{{i + 1}}","fname":"{{face.Picture}}","type":2,"loc":1,"src":""}"""));
        string regions = string.Join(",\n", faces.SelectMany((face, i) => Names.Select((_, k) =>
            $$"""  "{{i}}_{{k}}":{"vid":"{{i + 1}}","flg":0,"z":[],"xy":[1,{{LabelFace.Text(face.X[k] + 0.5)}},{{LabelFace.Text(face.Y[k] + 0.5)}}],"av":{"1":"{{k}}"} }""")));
        string views = string.Join(",\n", faces.Select((_, i) => $$"""  "{{i + 1}}":{"fid_list":["{{i + 1}}"]}"""));
        string options = string.Join(',', Names.Select((name, k) => $"\"{k}\":\"{name}\""));
        yield return ("via_project.json", $$"""
            {"project":{"pid":"1","vid_list":["1"]},
            "attribute":{"1":{"aname":"name","type":4,"options":{ {{options}} } } },
            "file":{ {{files}} },
            "metadata":{ {{regions}} },
            "view":{ {{views}} } }
            """);
    }

    private static string ViaPictures(Random random) => string.Join(",\n", LabelFace.Draw(random, 3).DistinctBy(face => face.Picture).Select(face =>
        $$"""
        "{{face.Picture}}900":{"filename":"{{face.Picture}}","size":900,"regions":[{{string.Join(',', Names.Select((name, k) => ViaRegion(face, name, k)))}}],"file_attributes":{} }
        """));

    private static string ViaRegion(LabelFace face, string name, int k) =>
        $$$"""{"shape_attributes":{"name":"point","cx":{{{(int)face.X[k]}}},"cy":{{{(int)face.Y[k]}}}},"region_attributes":{"name":"{{{name}}}"}}""";

    private static IEnumerable<(string, string)> Points(Random random) => LabelFace.Draw(random, 4).DistinctBy(face => face.Picture).Select(face => (
        Path.ChangeExtension(face.Picture, ".pts"),
        $"version: 1\nn_points:  4\n{{\n{string.Concat(face.X.Select((x, k) => $"{LabelFace.Text(x + 1)} {LabelFace.Text(face.Y[k] + 1)}\n"))}}}\n"));

    private static LabelFace[] Whole(LabelFace[] faces) =>
        [.. faces.Select(face => face with { X = [.. face.X.Select(x => Math.Round(x))], Y = [.. face.Y.Select(y => Math.Round(y))] })];

    private static string Percent(double value, int side) => LabelFace.Text((value + 0.5) * 100 / side);

    private static string Lines(string? header, IEnumerable<string> rows) => string.Join('\n', header is null ? rows : rows.Prepend(header)) + "\n";
}
