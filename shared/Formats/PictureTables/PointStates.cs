using System.Buffers.Text;
using System.Text;
using KeypointPipeline.Formats.Headers;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PictureTables;

/// <summary>Reads the columns that say whether a keypoint was labelled, visible or hidden.</summary>
/// <remarks>Files write them in two ways. With COCO's numbers, 0 is not labelled, 1 is hidden and 2 is visible. Others write yes or no: true
/// or false, or 1 or 0. A 2 anywhere in the file shows that its numbers are COCO's. Without one, 1 in a column such as <c>nose_v</c> says
/// only that the point is labelled; a column such as <c>nose_visible</c> means what its name says.</remarks>
internal sealed class PointStates
{
    private const string VisibleWord = "visible";
    private const string OccludedWord = "occluded";
    private const string HiddenWord = "hidden";
    private const string AbsentWord = "absent";

    private readonly bool[] _sayVisible;
    private readonly bool[] _areCertainties;

    /// <summary>Prepares to read columns.</summary>
    /// <param name="names">Names of the columns, per keypoint; null for a keypoint without one.</param>
    public PointStates(IReadOnlyList<string?> names)
    {
        _sayVisible = [.. names.Select(name => name is not null && VisibilityNames.SaysVisible(name))];
        _areCertainties = [.. names.Select(name => name is not null && VisibilityNames.SaysCertainty(name))];
    }

    /// <summary>Whether a number of a keypoint's column shows that the numbers are COCO's.</summary>
    public bool IsTwo(int keypoint, ReadOnlySpan<byte> field) =>
        !_areCertainties[keypoint] && Utf8Parser.TryParse(field.Trim(" \t'\""u8), out double number, out _) && number >= 2;

    /// <summary>Reads the state of a point.</summary>
    /// <param name="keypoint">The keypoint.</param>
    /// <param name="field">Its field.</param>
    /// <param name="hasTwo">Whether the file's numbers are COCO's.</param>
    /// <param name="x">The point's x. It becomes NaN if the point is not labelled.</param>
    /// <param name="y">The point's y. It becomes NaN if the point is not labelled.</param>
    public LabelState Read(int keypoint, ReadOnlySpan<byte> field, bool hasTwo, ref float x, ref float y)
    {
        field = field.Trim(" \t'\""u8);
        if (Is(field, AbsentWord))
        {
            (x, y) = (float.NaN, float.NaN);
            return LabelState.Absent;
        }

        if (float.IsNaN(x))
            return LabelState.Missing;
        Visibility said = VisibilityField.Parse(field);
        if (said == Visibility.NotLabelled && MissingMark.IsUsual(x, y))
        {
            (x, y) = (float.NaN, float.NaN);
            return LabelState.Missing;
        }

        if (_areCertainties[keypoint])
            return LabelState.Labelled;
        if (Is(field, VisibleWord))
            return LabelState.Visible;
        if (Is(field, OccludedWord) || Is(field, HiddenWord))
            return LabelState.Occluded;
        return Utf8Parser.TryParse(field, out double number, out int used) && used == field.Length
            ? OfNumber(number, hasTwo, _sayVisible[keypoint])
            : said switch
            {
                Visibility.Labelled => LabelState.Visible,
                Visibility.NotLabelled => LabelState.Occluded,
                _ => LabelState.Labelled,
            };
    }

    /// <summary>What this product writes for a state: a word, because numbers mean different things in different files. Null where nobody
    /// said anything.</summary>
    public static string? Write(LabelState state) => state switch
    {
        LabelState.Visible => VisibleWord,
        LabelState.Occluded => OccludedWord,
        LabelState.Absent => AbsentWord,
        _ => null,
    };

    private static LabelState OfNumber(double number, bool hasTwo, bool saysVisible) => (number, hasTwo) switch
    {
        (2, _) => LabelState.Visible,
        (1, true) => LabelState.Occluded,
        (1, false) when saysVisible => LabelState.Visible,
        (0, false) when saysVisible => LabelState.Occluded,
        _ => LabelState.Labelled,
    };

    private static bool Is(ReadOnlySpan<byte> field, string word) => Ascii.EqualsIgnoreCase(field, word);
}
