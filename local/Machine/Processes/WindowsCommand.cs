namespace KeypointPipeline.Local.Machine.Processes;

/// <summary>Builds command lines for Windows' <c>cmd.exe</c>.</summary>
internal static class WindowsCommand
{
    /// <summary>Gets the arguments of <c>cmd.exe</c> that run a program without input and append its output to a file.</summary>
    /// <exception cref="ArgumentException">A part contains a quotation mark, for which programs and <c>cmd.exe</c> have different
    /// rules.</exception>
    public static string Logged(string log, string program, IReadOnlyList<string> arguments) =>
        $"/d /s /c \"{string.Join(' ', [Quote(program), .. arguments.Select(Quote)])} >>{Quote(log)} 2>&1 <NUL\"";

    private static string Quote(string part)
    {
        if (part.Contains('"'))
            throw new ArgumentException($"'{part}' contains a quotation mark and cannot be passed to a program on Windows.", nameof(part));

        // Programs read a backslash before the closing quotation mark as part of it, unless it is doubled.
        string end = new('\\', part.Length - part.TrimEnd('\\').Length);
        return $"\"{part}{end}\"";
    }
}
