using KeypointPipeline.Files;
using KeypointPipeline.Formats.Headers;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PictureTables;

/// <summary>Finds the column of a table that names the picture of each row.</summary>
internal static class PictureColumn
{
    /// <summary>Usual names in the form of <see cref="KeypointName.Normalize"/>. Of several columns with names of pictures, the first in this
    /// list counts.</summary>
    private static readonly string[] UsualNames =
    [
        "image", "imagepath", "imgpath", "filename", "filepath", "file", "path", "imagename", "imgname", "imagefile", "imagefilename", "imageid", "img",
        "picture", "photo", "pic", "name", "frame", "id", "",
    ];

    /// <summary>Finds the column: its fields are names of picture files.</summary>
    /// <param name="start">The first rows.</param>
    /// <param name="problem">Why no column can be chosen although there are some, or null.</param>
    /// <returns>Its index, or -1.</returns>
    public static int Find(TableStart start, out string? problem)
    {
        problem = null;
        int[] columns = [.. Enumerable.Range(0, start.Names.Count).Where(column => HoldsPictures(start, column))];
        if (columns.Length < 2)
            return columns.Length == 0 ? -1 : columns[0];
        foreach (string usual in UsualNames)
        {
            int named = Array.FindIndex(columns, column => KeypointName.Normalize(start.Names[column]) == usual);
            if (named >= 0)
                return columns[named];
        }

        problem = $"{columns.Length} columns hold names of pictures: {ShownText.List([.. columns.Select(column => KeypointHeader.Show(start.Names, column))])}. "
            + "Call the one of the labelled pictures image";
        return -1;
    }

    /// <summary>Whether a text ends as the names of image files do. An address may have a query behind the name.</summary>
    public static bool IsPictureName(string text)
    {
        string path = text.Trim(' ', '\t', '\'', '"');
        if (ImageNames.HasPictureEnding(path))
            return true;
        int query = path.Contains("://", StringComparison.Ordinal) ? path.IndexOfAny(['?', '#']) : -1;
        return query > 0 && ImageNames.HasPictureEnding(path[..query]);
    }

    private static bool HoldsPictures(TableStart start, int column)
    {
        string[] fields = [.. start.Rows.Select(row => row[column]).Where(field => !string.IsNullOrWhiteSpace(field))];
        return 2 * fields.Count(IsPictureName) > fields.Length;
    }
}
