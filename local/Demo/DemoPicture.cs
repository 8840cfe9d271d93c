using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using SkiaSharp;

namespace KeypointPipeline.Local.Demo;

/// <summary>Draws the picture at the end of the demo: the photo with the most faces, every face marked. If every image has only one, it
/// is a contact sheet of some of the images.</summary>
public static class DemoPicture
{
    private const int Wanted = 24;
    private const int Columns = 6;
    private const int CellSize = 200;
    private const int LargestGroup = 1200;
    private const int SmallestGroup = 800;

    /// <summary>Draws the picture as a PNG file.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="images">Folder or zip of the predicted images.</param>
    /// <param name="results">The predictions.</param>
    /// <param name="cancellationToken">Cancels the drawing.</param>
    /// <exception cref="InvalidDataException">No image was predicted.</exception>
    public static async Task WriteAsync(string path, string images, DemoResults results, CancellationToken cancellationToken)
    {
        PredictedKeypoints[][] predicted =
            [.. results.Images.Where(face => face.Keypoints is not null).GroupBy(face => face.Image).Select(faces => faces.ToArray())];
        if (predicted.Length == 0)
            throw new InvalidDataException($"None of the images in {images} has keypoints; see {results.File("errors.csv")}.");
        using ImageSet folder = await ImageSet.OpenAsync(images, cancellationToken);
        Dictionary<string, ImageSource> sources = folder.Images.ToDictionary(i => i.Name, StringComparer.Ordinal);
        PredictedKeypoints[] group = predicted.OrderByDescending(faces => faces.Length).ThenByDescending(faces => faces[0].Width * faces[0].Height).First();
        if (group.Length > 1)
            await WriteGroupAsync(path, sources[group[0].Image], group, results.Summary.Schema, cancellationToken);
        else
            await WriteSheetAsync(path, sources, [.. predicted.Select(faces => faces[0])], results.Summary.Schema, cancellationToken);
    }

    private static async Task WriteGroupAsync(
        string path, ImageSource source, PredictedKeypoints[] faces, KeypointSchema schema, CancellationToken cancellationToken)
    {
        using SKBitmap photo = await DecodeAsync(source, SmallestGroup, LargestGroup, cancellationToken);
        double scale = (double)photo.Width / faces[0].Width!.Value;
        GroupPicture.Mark(
            photo,
            [.. faces.Select(face => new MarkedFace(Scaled(face, schema, (float)scale), Scaled(face, scale), face.Status == "doubtful"))],
            schema);
        using SKData png = photo.Encode(SKEncodedImageFormat.Png, 100);
        await WholeFile.WriteAsync(path, png.ToArray(), WholeFileOptions.None, cancellationToken);
    }

    private static async Task WriteSheetAsync(
        string path, Dictionary<string, ImageSource> sources, PredictedKeypoints[] predicted, KeypointSchema schema, CancellationToken cancellationToken)
    {
        // The shown images are spread evenly over the batch.
        int shown = Math.Min(Wanted, predicted.Length);
        var cells = new List<ContactSheetCell>();
        try
        {
            for (int i = 0; i < shown; i++)
            {
                PredictedKeypoints image = predicted[i * predicted.Length / shown];
                SKBitmap picture = await DecodeAsync(sources[image.Image], CellSize, 2 * CellSize, cancellationToken);
                cells.Add(new ContactSheetCell(picture, Scaled(image, schema, (float)picture.Width / image.Width!.Value)));
            }

            await ContactSheet.WriteAsync(path, cells, schema, Columns, CellSize, cancellationToken);
        }
        finally
        {
            cells.ForEach(cell => cell.Picture.Dispose());
        }
    }

    private static async Task<SKBitmap> DecodeAsync(ImageSource source, int minimumSide, int maximumSide, CancellationToken cancellationToken)
    {
        using var file = new MemoryStream();
        await using (Stream stream = await source.OpenAsync(cancellationToken))
            await stream.CopyToAsync(file, cancellationToken);
        using Picture picture = new ImageDecoder().DecodePicture(file.ToArray(), minimumSide, maximumSide);
        return SKBitmap.Decode(picture.ToJpeg(quality: 95));
    }

    private static SKPoint[] Scaled(PredictedKeypoints face, KeypointSchema schema, float scale) =>
    [
        .. schema.Names.Select(name => face.Point(name) is SKPoint p
            ? new SKPoint(((p.X + 0.5f) * scale) - 0.5f, ((p.Y + 0.5f) * scale) - 0.5f)
            : new SKPoint(float.NaN, float.NaN)),
    ];

    private static PictureBox? Scaled(PredictedKeypoints face, double scale) => face.Box is [double left, double top, double width, double height]
        ? new PictureBox(left * scale, top * scale, width * scale, height * scale, face.Angle ?? 0)
        : null;
}
