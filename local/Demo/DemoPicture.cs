using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using SkiaSharp;

namespace KeypointPipeline.Local.Demo;

/// <summary>Draws the contact sheet at the end of the demo: some of the images with their predicted keypoints.</summary>
public static class DemoPicture
{
    private const int Wanted = 24;
    private const int Columns = 6;
    private const int CellSize = 200;

    /// <summary>Draws the sheet as a PNG file.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="images">Folder or zip of the predicted images.</param>
    /// <param name="results">The predictions.</param>
    /// <param name="cancellationToken">Cancels the drawing.</param>
    /// <exception cref="InvalidDataException">No image was predicted.</exception>
    public static async Task WriteAsync(string path, string images, DemoResults results, CancellationToken cancellationToken)
    {
        KeypointSchema schema = results.Summary.Schema;
        PredictedKeypoints[] succeeded = [.. results.Images.Where(i => i.Keypoints is not null)];
        if (succeeded.Length == 0)
            throw new InvalidDataException($"None of the images in {images} could be read; see {results.File("errors.csv")}.");

        // The shown images are spread evenly over the batch.
        int shown = Math.Min(Wanted, succeeded.Length);
        using ImageSet folder = await ImageSet.OpenAsync(images, cancellationToken);
        Dictionary<string, ImageSource> sources = folder.Images.ToDictionary(i => i.Name, StringComparer.Ordinal);
        var cells = new List<ContactSheetCell>();
        try
        {
            for (int i = 0; i < shown; i++)
                cells.Add(await DrawAsync(sources[succeeded[i * succeeded.Length / shown].Image], succeeded[i * succeeded.Length / shown], schema, cancellationToken));
            await ContactSheet.WriteAsync(path, cells, schema, Columns, CellSize, cancellationToken);
        }
        finally
        {
            cells.ForEach(cell => cell.Picture.Dispose());
        }
    }

    private static async Task<ContactSheetCell> DrawAsync(
        ImageSource source, PredictedKeypoints predicted, KeypointSchema schema, CancellationToken cancellationToken)
    {
        using var file = new MemoryStream();
        await using (Stream stream = await source.OpenAsync(cancellationToken))
            await stream.CopyToAsync(file, cancellationToken);
        using Picture picture = new ImageDecoder().DecodePicture(file.ToArray(), CellSize, 2 * CellSize);
        float scale = (float)picture.Width / predicted.Width!.Value;
        SKPoint[] points =
        [
            .. schema.Names.Select(name => predicted.Point(name) is SKPoint p
                ? new SKPoint(((p.X + 0.5f) * scale) - 0.5f, ((p.Y + 0.5f) * scale) - 0.5f)
                : new SKPoint(float.NaN, float.NaN)),
        ];
        return new ContactSheetCell(SKBitmap.Decode(picture.ToJpeg(quality: 95)), points);
    }
}
