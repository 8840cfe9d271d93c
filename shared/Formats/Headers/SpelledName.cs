namespace KeypointPipeline.Formats.Headers;

/// <summary>Where the name of a column has the word that says what the column holds, for example <c>x</c>.</summary>
internal enum Spelling
{
    /// <summary>After the keypoint: <c>nose.x</c>, <c>Nose X</c>, <c>nose-x</c>, <c>nose (x)</c>.</summary>
    Suffix,

    /// <summary>Before the keypoint: <c>x_0</c>, <c>x.nose</c>, <c>x nose</c>.</summary>
    Prefix,

    /// <summary>Between a name and a number: <c>landmark_x_0</c>, <c>kp_x0</c>.</summary>
    Infix,

    /// <summary>After the keypoint, without a separator: <c>noseX</c>, <c>p1x</c>.</summary>
    JoinedSuffix,

    /// <summary>Before the keypoint, without a separator: <c>x0</c>, <c>xNose</c>.</summary>
    JoinedPrefix,
}

/// <summary>A column's name, taken apart.</summary>
/// <param name="Spelling">Where the word stands.</param>
/// <param name="Keypoint">The rest of the name: the keypoint.</param>
/// <param name="IsSure">False for names that may be ordinary words, such as <c>nosex</c> (like <c>box</c>) and <c>xNose</c> (like <c>xRay</c>).</param>
internal readonly record struct SpelledName(Spelling Spelling, string Keypoint, bool IsSure = true)
{
    private static readonly char[] Openers = [.. "([{'\""];
    private static readonly char[] Closers = [.. ")]}'\""];
    private static readonly char[] Separators = [.. " \t_.-:/|,#", .. Openers, .. Closers];
    private static readonly char[] Digits = [.. "0123456789"];

    /// <summary>Returns the ways to read a name as a keypoint and a word. Case does not matter where a separator stands between them.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="word">The word in lower case: <c>x</c>, <c>y</c>, <c>visible</c> …</param>
    public static IEnumerable<SpelledName> Parse(string name, string word)
    {
        string whole = name.Trim().TrimEnd(Closers).TrimStart(Openers).Trim();
        if (whole.Length <= word.Length)
            yield break;
        if (FindSuffix(whole, word) is { } suffix)
            yield return suffix;
        if (FindPrefix(whole, word) is { } prefix)
            yield return prefix;
        if (FindInfix(whole, word) is { } infix)
            yield return infix;
    }

    /// <summary>Returns whether the name is nothing but the word, for example <c>x</c>.</summary>
    public static bool IsBare(string name, string word) => name.Trim().Equals(word, StringComparison.OrdinalIgnoreCase);

    private static SpelledName? FindSuffix(string name, string word)
    {
        if (!name.EndsWith(word, StringComparison.OrdinalIgnoreCase))
            return null;
        string stem = name[..^word.Length];
        if (Separators.Contains(stem[^1]))
            return Named(Spelling.Suffix, stem.TrimEnd(Separators));
        string written = name[^word.Length..];
        if (char.IsAsciiDigit(stem[^1]))
            return new SpelledName(Spelling.JoinedSuffix, stem);
        bool isCamel = char.IsUpper(written[0]) && written[1..] == word[1..] && char.IsLower(stem[^1]);
        if (isCamel)
            return new SpelledName(Spelling.JoinedSuffix, stem);
        return stem.Length > 1 && word.Length == 1 && written == word && char.IsLower(stem[^1])
            ? new SpelledName(Spelling.JoinedSuffix, stem, IsSure: false)
            : null;
    }

    private static SpelledName? FindPrefix(string name, string word)
    {
        if (!name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            return null;
        string rest = name[word.Length..];
        if (Separators.Contains(rest[0]))
            return Named(Spelling.Prefix, rest.Trim(Separators));
        if (rest.All(char.IsAsciiDigit))
            return new SpelledName(Spelling.JoinedPrefix, rest);
        return char.IsUpper(rest[0]) && rest.Length > 1 && name.StartsWith(word, StringComparison.Ordinal)
            ? new SpelledName(Spelling.JoinedPrefix, rest, IsSure: false)
            : null;
    }

    private static SpelledName? FindInfix(string name, string word)
    {
        string before = name.TrimEnd(Digits);
        string number = name[before.Length..];
        before = before.TrimEnd(Separators);
        if (number.Length == 0 || before.Length <= word.Length || !before.EndsWith(word, StringComparison.OrdinalIgnoreCase))
            return null;
        string stem = before[..^word.Length];
        if (!Separators.Contains(stem[^1]))
            return null;
        stem = stem.TrimEnd(Separators);
        return stem.Length == 0 ? null : new SpelledName(Spelling.Infix, $"{stem}_{number}");
    }

    private static SpelledName? Named(Spelling spelling, string keypoint) => keypoint.Length == 0 ? null : new SpelledName(spelling, keypoint);
}
