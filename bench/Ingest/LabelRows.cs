using System.Globalization;
using System.Text;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Bench.Ingest;

/// <summary>Generates long label files whose pictures are files: ten points a row, and four rows a picture.</summary>
internal static class LabelRows
{
    private const int Points = 10;
    private const int RowsPerPicture = 4;
    private const int Width = 640;
    private const int Height = 480;

    /// <summary>Writes <c>labels.csv</c>: a picture column, and two columns for each point.</summary>
    public static async Task WriteTableAsync(string folder, int rows, CancellationToken cancellationToken)
    {
        await using StreamWriter text = File.CreateText(Path.Combine(folder, "labels.csv"));
        await text.WriteLineAsync($"image,{string.Join(',', Enumerable.Range(0, Points).Select(k => $"point_{k}_x,point_{k}_y"))}");
        foreach ((int picture, double[] points) in Rows(rows, cancellationToken))
            await text.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"images/{picture:D7}.jpg,{Numbers(points)}"));
    }

    /// <summary>Writes <c>labels.json</c> as COCO keypoints, pictures first.</summary>
    public static async Task WriteCocoAsync(string folder, int rows, CancellationToken cancellationToken)
    {
        await using StreamWriter text = File.CreateText(Path.Combine(folder, "labels.json"));
        string names = string.Join(',', Enumerable.Range(0, Points).Select(k => $"\"point_{k}\""));
        await text.WriteAsync($$"""{"categories":[{"id":1,"name":"face","keypoints":[{{names}}],"skeleton":[]}],"images":[""");
        for (int picture = 0; picture < rows / RowsPerPicture; picture++)
            await text.WriteAsync(string.Create(CultureInfo.InvariantCulture, $$"""{{Comma(picture)}}{"id":{{picture}},"file_name":"images/{{picture:D7}}.jpg","width":{{Width}},"height":{{Height}}}"""));
        await text.WriteAsync("""],"annotations":[""");
        int row = 0;
        foreach ((int picture, double[] points) in Rows(rows, cancellationToken))
        {
            string keypoints = string.Join(',', Enumerable.Range(0, Points).Select(k => string.Create(CultureInfo.InvariantCulture, $"{points[2 * k]:0.0},{points[(2 * k) + 1]:0.0},2")));
            await text.WriteAsync(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{{Comma(row)}}{"id":{{row}},"image_id":{{picture}},"category_id":1,"keypoints":[{{keypoints}}],"num_keypoints":{{Points}},"bbox":[10,10,600,450],"area":270000,"iscrowd":0}"""));
            row++;
        }

        await text.WriteAsync("]}");
    }

    /// <summary>Reads a folder's labels twice, as preparing does: first to survey them, then to use them.</summary>
    /// <param name="folder">The folder, with label files of one format.</param>
    /// <param name="format">The format's name.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Number of rows of the second reading.</returns>
    public static async Task<int> ReadTwiceAsync(string folder, string format, CancellationToken cancellationToken)
    {
        ILabelFormat found = LabelFormats.All.Single(candidate => candidate.Name == format);
        await using FolderFileSet set = FolderFileSet.Open(folder);
        await using LabelReader reader = await found.OpenAsync(set, set.Files, cancellationToken);
        int rows = 0;
        for (int pass = 0; pass < 2; pass++)
        {
            rows = 0;
            await foreach (LabelledPicture picture in reader.ReadAsync(cancellationToken))
                rows += picture.Instances.Count;
        }

        return rows;
    }

    private static IEnumerable<(int Picture, double[] Points)> Rows(int rows, CancellationToken cancellationToken)
    {
        var random = new Random(rows);
        double[] points = new double[2 * Points];
        for (int row = 0; row < rows; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int k = 0; k < Points; k++)
            {
                points[2 * k] = Math.Round(Width * random.NextDouble() * 0.99, 1);
                points[(2 * k) + 1] = Math.Round(Height * random.NextDouble() * 0.99, 1);
            }

            yield return (row / RowsPerPicture, points);
        }
    }

    private static string Numbers(double[] values)
    {
        var text = new StringBuilder();
        foreach (double value in values)
            text.Append(text.Length == 0 ? "" : ",").Append(value.ToString("0.0", CultureInfo.InvariantCulture));
        return text.ToString();
    }

    private static string Comma(int number) => number == 0 ? "" : ",";
}
