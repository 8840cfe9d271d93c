using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Headers;

namespace KeypointPipeline.Formats.PictureCsv;

/// <summary>Finds points whose columns have only numbers: x and y in turn, as a table of coordinates without names is saved.</summary>
/// <remarks>Udacity's P1_Facial_Keypoints is written so: the picture's name, then 136 columns <c>0</c> … <c>135</c> with the x and y of the 68
/// iBUG points (https://github.com/udacity/P1_Facial_Keypoints, its notebook reshapes each row to 68 × 2).</remarks>
internal static class UnnamedPoints
{
    /// <summary>More columns are pixels rather than points.</summary>
    private const int MostColumns = 2_000;

    /// <summary>Finds the points.</summary>
    /// <param name="names">All column names.</param>
    /// <param name="candidates">Indices of the columns that mean nothing else, in order.</param>
    /// <param name="guess">What was found, in words.</param>
    /// <returns>Points named by their numbers, from 0; empty if there are none.</returns>
    public static IReadOnlyList<KeypointColumns> Find(IReadOnlyList<string> names, IReadOnlyList<int> candidates, out string? guess)
    {
        guess = null;
        int[] columns = [.. candidates.Where(column => IsNumber(names[column]))];
        if (columns.Length is < 2 or > MostColumns || columns.Length % 2 > 0)
            return [];
        int first = int.Parse(names[columns[0]], NumberStyles.None, CultureInfo.InvariantCulture);
        bool count = first is 0 or 1
            && columns.Select((column, i) => int.Parse(names[column], NumberStyles.None, CultureInfo.InvariantCulture) == first + i).All(follows => follows);
        if (!count)
            return [];
        int points = columns.Length / 2;
        guess = $"Keypoint columns: {ShownText.Of(names[columns[0]])} … {ShownText.Of(names[columns[^1]])} are x and y in turn. The {points:N0} points are named 0 … {points - 1:N0}.";
        return [.. Enumerable.Range(0, points).Select(k => new KeypointColumns(k.ToString(CultureInfo.InvariantCulture), columns[2 * k], columns[(2 * k) + 1]))];
    }

    private static bool IsNumber(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
