namespace KeypointPipeline.Local.Machine;

/// <summary>Text for a terminal that may quote strangers' names: nothing in it moves the cursor or changes what stands there.</summary>
internal static class TerminalText
{
    /// <summary>The text on one line, without control characters.</summary>
    public static string Of(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
