using System.Text;

namespace KeypointPipeline.Sources.Zips;

/// <summary>Finds the code page of file names that may be UTF-8 or not. The names give it away: in the right one they are words of one
/// script.</summary>
/// <remarks>Each candidate that can decode the names is charged bits for every character: few for what is common in the languages of the
/// code page, many for symbols, for capitals within words and for scripts that alternate. The cheapest one wins. UTF-8 is a candidate,
/// because the bytes of short names in GBK can be UTF-8 by chance: those of 图片 are.
/// Windows zips names in the code page of MS-DOS; some programs use that of Windows.</remarks>
internal static class NameCodePage
{
    /// <summary>Names that are looked at. More of them would not change the answer.</summary>
    private const int NamesLookedAt = 500;

    private const int Utf8 = 65001;

    /// <summary>With more bits than this for each byte that is not ASCII, only UTF-8 is believed.</summary>
    private const double MostBitsPerByte = 7.5;

    private static readonly Candidate[] Candidates =
    [
        new(Utf8, NameScript.Any),
        new(850, NameScript.Latin), // Western Europe; 437, of the United States, has its letters at the same places
        new(852, NameScript.Latin, Unlikely: 1), // Central Europe
        new(866, NameScript.Cyrillic),
        new(936, NameScript.Chinese), // GBK
        new(932, NameScript.Japanese), // Shift-JIS
        new(949, NameScript.Korean),
        new(950, NameScript.Chinese), // Big5
        new(1252, NameScript.Latin, Unlikely: 2),
        new(1250, NameScript.Latin, Unlikely: 4),
        new(1251, NameScript.Cyrillic, Unlikely: 6),
    ];

    /// <summary>The code pages that are recognised, besides UTF-8.</summary>
    public static IEnumerable<int> Recognised => Candidates.Select(candidate => candidate.CodePage).Where(codePage => codePage != Utf8);

    /// <summary>Finds the code page of the names of a zip that are neither ASCII nor surely UTF-8.</summary>
    /// <returns>An encoding that throws on bytes it does not have, or null if the code page cannot be told.</returns>
    public static Encoding? Find(IReadOnlyCollection<byte[]> names)
    {
        byte[][] sample = [.. names.Take(NamesLookedAt)];
        Charges? best = Candidates.Select(candidate => Charge(candidate, sample)).OfType<Charges>().MinBy(charged => charged.Bits);
        return best is { IsBelievable: true } ? best.Encoding : null;
    }

    /// <summary>Returns an encoding that throws on what it does not have.</summary>
    internal static Encoding Strict(int codePage) =>
        codePage == Utf8
            ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)
            : CodePagesEncodingProvider.Instance.GetEncoding(codePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>Charges the sample, or returns null if the candidate cannot decode all of it.</summary>
    private static Charges? Charge(Candidate candidate, byte[][] sample)
    {
        Encoding encoding = Strict(candidate.CodePage);
        double ascii = candidate.Unlikely;
        double others = 0;
        int bytes = 0;
        foreach (byte[] name in sample)
        {
            string text;
            try
            {
                text = encoding.GetString(name);
            }
            catch (DecoderFallbackException)
            {
                return null;
            }

            bytes += name.Length - text.Count(char.IsAscii);
            for (int i = 0; i < text.Length; i++)
            {
                if (char.IsAscii(text[i]))
                    ascii += NameScript.ChargeAscii(text[i]);
                else
                    others += candidate.Script.Charge(text, i, encoding);
            }
        }

        return new Charges(encoding, ascii + others, candidate.CodePage == Utf8 || others <= MostBitsPerByte * bytes);
    }

    /// <summary>A code page.</summary>
    /// <param name="CodePage">Its number.</param>
    /// <param name="Script">The script of the languages that it is for.</param>
    /// <param name="Unlikely">Bits that a zip is charged for being in this code page.</param>
    private sealed record Candidate(int CodePage, NameScript Script, double Unlikely = 0);

    /// <summary>What a candidate is charged.</summary>
    private sealed record Charges(Encoding Encoding, double Bits, bool IsBelievable);
}
