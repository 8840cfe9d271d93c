using System.Buffers.Text;
using System.Text;

namespace KeypointPipeline.Formats.Headers;

/// <summary>What a visibility column says about a keypoint.</summary>
internal enum Visibility
{
    /// <summary>Nothing: there is no column, its field is empty, or a low likelihood.</summary>
    Unknown,

    /// <summary>The keypoint was labelled.</summary>
    Labelled,

    /// <summary>The keypoint was not labelled.</summary>
    NotLabelled,
}

/// <summary>Reads visibility columns.</summary>
internal static class VisibilityField
{
    /// <summary>A likelihood or a score from here on says that a point is meant. Below, only 0 says something.</summary>
    private const double Likely = 0.5;

    /// <summary>Reads a field: <c>0</c>, <c>false</c> and <c>no</c> mean not labelled; <c>true</c>, <c>yes</c>, and numbers of at least 0.5
    /// mean labelled (COCO: 1 hidden, 2 visible).</summary>
    public static Visibility Parse(ReadOnlySpan<byte> field)
    {
        field = field.Trim(" \t'\""u8);
        if (Utf8Parser.TryParse(field, out double number, out int used) && used == field.Length)
            return number == 0 ? Visibility.NotLabelled : number >= Likely ? Visibility.Labelled : Visibility.Unknown;
        if (Is(field, "false"u8) || Is(field, "no"u8) || Is(field, "f"u8) || Is(field, "n"u8))
            return Visibility.NotLabelled;
        return Is(field, "true"u8) || Is(field, "yes"u8) || Is(field, "t"u8) || Is(field, "y"u8) ? Visibility.Labelled : Visibility.Unknown;
    }

    private static bool Is(ReadOnlySpan<byte> field, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(field, word);
}
