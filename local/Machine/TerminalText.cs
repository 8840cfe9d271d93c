namespace KeypointPipeline.Local.Machine;

/// <summary>Makes text with names from other people safe for a terminal. It cannot move the cursor or overwrite the screen.</summary>
internal static class TerminalText
{
    /// <summary>Replaces control characters, including line breaks, with blanks.</summary>
    public static string Of(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
