using System.Xml.Linq;
using KeypointPipeline.Evaluation.Photos;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using SkiaSharp;

namespace KeypointPipeline.Bench.Inference.Photos;

/// <summary>A photo whose faces are labelled with the 68 points of iBUG 300-W.</summary>
/// <param name="Path">The file.</param>
/// <param name="Faces">The points of each face, in pixels with centres at integers.</param>
internal sealed record LabelledPhoto68(string Path, IReadOnlyList<SKPoint[]> Faces);

/// <summary>Photos with labelled faces, such as dlib's <c>examples/faces</c>, on which two finders are compared. Both are judged by the centres
/// of the eyes and the middle of the mouth, with the rule of <c>docs/measuring.md</c>.</summary>
internal static class LabelledPhotos
{
    private const int Points = 68;
    private const string LabelFiles = "*_with_face_landmarks.xml";

    private static readonly FaceParts Parts = new([.. Enumerable.Range(36, 6)], [.. Enumerable.Range(42, 6)], [.. Enumerable.Range(48, 20)]);

    /// <summary>Reads the label files of a folder, in the format of dlib's imglab.</summary>
    /// <exception cref="InvalidDataException">The folder has no such file, or no face in it has 68 points.</exception>
    public static IReadOnlyList<LabelledPhoto68> Read(string folder)
    {
        LabelledPhoto68[] photos =
        [
            .. Directory.EnumerateFiles(folder, LabelFiles).Order(StringComparer.Ordinal)
                .SelectMany(file => XDocument.Load(file).Descendants("image"))
                .Select(image => new LabelledPhoto68(Path.Combine(folder, (string)image.Attribute("file")!), [.. image.Elements("box").Select(Read)])),
        ];
        return photos.SelectMany(photo => photo.Faces).Any(face => face.Length == Points)
            ? photos
            : throw new InvalidDataException($"{folder} has no faces with {Points} points in files {LabelFiles}. Get davisking/dlib's examples/faces.");
    }

    /// <summary>Counts the labelled faces that the pipeline's detector finds.</summary>
    public static int CountFound(IEnumerable<LabelledPhoto68> photos, FaceDetector detector)
    {
        var decoder = new ImageDecoder();
        return photos.Sum(photo =>
        {
            using OpenedPicture picture = decoder.Open(File.ReadAllBytes(photo.Path));
            using DecodedPicture decoded = picture.Decode(1);
            return CountFound(photo, [.. detector.Find(decoded).Select(face => ThreePoints(face.Points))]);
        });
    }

    /// <summary>Counts the labelled faces of photos that were found as 68 points.</summary>
    /// <param name="photos">The photos.</param>
    /// <param name="found">The points of each found face of each photo.</param>
    public static int CountFound(IEnumerable<LabelledPhoto68> photos, IEnumerable<IReadOnlyList<SKPoint[]>> found) =>
        photos.Zip(found).Sum(pair => CountFound(pair.First, [.. pair.Second.Select(ThreePoints)]));

    private static int CountFound(LabelledPhoto68 photo, float[][] found) =>
        InstanceMatching.Match(found, [.. photo.Faces.Select(ThreePoints)]).Count(match => match >= 0);

    private static SKPoint[] Read(XElement box)
    {
        var points = new SKPoint[Points];
        Array.Fill(points, new SKPoint(float.NaN, float.NaN));
        foreach (XElement part in box.Elements("part"))
            points[(int)part.Attribute("name")!] = new SKPoint((float)part.Attribute("x")!, (float)part.Attribute("y")!);
        return points;
    }

    private static float[] ThreePoints(FacePoints face) =>
        [.. ((FacePoint[])[face.RightEye, face.LeftEye, face.Mouth]).SelectMany(point => (float[])[(float)point.X, (float)point.Y])];

    private static float[] ThreePoints(SKPoint[] face) =>
        [.. ((IReadOnlyList<int>[])[Parts.RightEye, Parts.LeftEye, Parts.Mouth]).SelectMany(part => (float[])[part.Average(k => face[k].X), part.Average(k => face[k].Y)])];
}
