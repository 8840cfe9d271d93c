using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PictureTables;

/// <summary>Finds columns that say something about a whole instance or its picture.</summary>
internal static class FactColumns
{
    private static readonly string[] SizePrefixes = ["", "image", "img", "picture", "original", "frame"];

    /// <summary>Returns the index of the column with a name, or -1. Names compare without regard to case, <c>_</c>, <c>-</c>, <c>.</c> and
    /// spaces.</summary>
    public static int Find(IReadOnlyList<string> names, params ReadOnlySpan<string> wanted)
    {
        foreach (string name in wanted)
        {
            for (int column = 0; column < names.Count; column++)
            {
                if (KeypointName.Normalize(names[column]) == KeypointName.Normalize(name))
                    return column;
            }
        }

        return -1;
    }

    /// <summary>Returns the index of the group column, or -1.</summary>
    /// <param name="names">All column names.</param>
    /// <param name="stated">The name that a person states, or null for <c>group</c>.</param>
    /// <param name="problem">Why the stated column cannot be used, or null.</param>
    public static int FindGroup(IReadOnlyList<string> names, string? stated, out string? problem)
    {
        int column = 0;
        while (column < names.Count && !names[column].Equals(stated ?? ColumnNames.Group, StringComparison.OrdinalIgnoreCase))
            column++;
        bool isThere = column < names.Count;
        problem = isThere || stated is null ? null : $"there is no column {Files.ShownText.Of(stated)}, which is stated to be the group";
        return isThere ? column : -1;
    }

    /// <summary>Returns the columns with the picture's size, or null.</summary>
    /// <param name="names">All column names.</param>
    /// <param name="taken">Columns that mean something else.</param>
    public static (int Width, int Height)? FindSize(IReadOnlyList<string> names, IReadOnlyCollection<int> taken)
    {
        foreach (string prefix in SizePrefixes)
        {
            int width = Find(names, prefix + ColumnNames.Width, prefix + "w");
            int height = Find(names, prefix + ColumnNames.Height, prefix + "h");
            if (width >= 0 && height >= 0 && !taken.Contains(width) && !taken.Contains(height))
                return (width, height);
        }

        return null;
    }
}
