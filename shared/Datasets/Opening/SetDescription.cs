using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Images;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>Describes a dropped set of files to the person who dropped it.</summary>
internal static class SetDescription
{
    private const int MostProblems = 3;

    /// <summary>Says why a set cannot be trained on: what it holds, what is read, and what to do next.</summary>
    /// <param name="contents">The set.</param>
    /// <param name="wanted">What is missing, for example <c>labels that are read</c>.</param>
    public static string WhyUnread(SetContents contents, string wanted = "labels that are read")
    {
        string name = ShownText.Of(contents.Set.Name);
        return contents.Set.Files.Count == 0
            ? $"{name} is empty: labels to train on, or pictures to predict, are expected."
            : string.Join(' ', [$"{name} holds no {wanted}. It holds {Content(contents)}.", .. Reasons(contents), ForeignLabels.Advice]);
    }

    /// <summary>Names the labels of other formats in a set, as a sentence; null if there are none.</summary>
    public static string? UnreadLabels(SetContents contents)
    {
        string[] formats = [.. Formats(contents).Take(MostProblems)];
        return formats.Length == 0 ? null : $"{string.Join(' ', formats)} {ForeignLabels.Advice}";
    }

    private static IEnumerable<string> Reasons(SetContents contents)
    {
        string[] formats = [.. Formats(contents).Take(MostProblems)];
        if (formats.Length > 0)
            return formats;
        return contents.Tables.Where(table => table.Kind is TableKind.Other or TableKind.LabelsOnly).Select(table => table.Problem!).Take(MostProblems);
    }

    private static IEnumerable<string> Formats(SetContents contents)
    {
        foreach (IGrouping<string, (string Path, string Format)> group in contents.Foreign.GroupBy(file => file.Format, StringComparer.Ordinal))
        {
            string first = ShownText.Of(group.First().Path);
            yield return group.Count() == 1
                ? $"{first} is {group.Key}. It is not read."
                : $"{first} and {group.Count() - 1:N0} more are {group.Key}. They are not read.";
        }

        foreach (SetTable table in contents.Unclear)
        {
            yield return $"{ShownText.Of(table.Path)} looks like {table.Format}, but no keypoints are found in it. Export it again, or name each pair of "
                + "columns <name>_x and <name>_y.";
        }

        foreach (SetTable table in contents.Tables.Where(table => table.Kind == TableKind.LabelsOnly).Except(contents.Unclear))
        {
            yield return contents.Arrays.Count > 0 || contents.Pictures == 0
                ? $"{ShownText.Of(table.Path)} has labels and no pixels."
                : $"{ShownText.Of(table.Path)} has labels, but no column names the pictures. Add a column image with the name of each row's picture.";
        }
    }

    private static string Content(SetContents contents)
    {
        string[] tables = [.. contents.Tables.Select(table => ShownText.Of(table.Path) + Describe(table.Kind))];
        IEnumerable<string> others = contents.Set.Files
            .Select(file => file.Path)
            .Except([.. contents.Tables.Select(table => table.Path), .. contents.Arrays.Select(array => array.Path)], StringComparer.Ordinal)
            .Where(path => !ImageNames.IsMeantAsImage(path));
        return ShownText.List([
            .. tables,
            .. contents.Arrays.Select(array => array.Path),
            .. contents.Pictures == 0 ? (string[])[] : [contents.Pictures == 1 ? "1 picture" : $"{contents.Pictures:N0} pictures"],
            .. others]);
    }

    private static string Describe(TableKind kind) => kind switch
    {
        TableKind.KaggleTest => " (Kaggle's pictures to predict)",
        TableKind.KaggleLookup => " (Kaggle's lookup table)",
        TableKind.KaggleSubmission => " (Kaggle's sample submission)",
        TableKind.LabelsOnly => " (labels without pixels)",
        _ => string.Empty,
    };
}
