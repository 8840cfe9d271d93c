using System.Text;

namespace KeypointPipeline.Sources.Zips;

/// <summary>Scripts that file names are written in, and how surprising a character is among them.</summary>
internal abstract class NameScript
{
    /// <summary>Bits of a symbol.</summary>
    private const double Symbol = 14;

    /// <summary>Bits of a character that no person types: a control character or one of private use.</summary>
    private const double Untyped = 30;

    /// <summary>Bits of a change between scripts within a word.</summary>
    private const double Alternation = 6;

    /// <summary>Any script, in UTF-8.</summary>
    public static NameScript Any { get; } = new AnyScript();

    /// <summary>Latin with accents.</summary>
    public static NameScript Latin { get; } = new LatinScript();

    /// <summary>Cyrillic.</summary>
    public static NameScript Cyrillic { get; } = new CyrillicScript();

    /// <summary>Kanji and kana.</summary>
    public static NameScript Japanese { get; } = new JapaneseScript();

    /// <summary>Hanzi.</summary>
    public static NameScript Chinese { get; } = new ChineseScript();

    /// <summary>Hangul.</summary>
    public static NameScript Korean { get; } = new KoreanScript();

    /// <summary>Returns how surprising an ASCII character is, in bits. Symbols that are rare in names are often the second byte of another
    /// character.</summary>
    public static double ChargeAscii(char c) => char.IsAsciiLetterOrDigit(c) || " _-./()".Contains(c, StringComparison.Ordinal) ? 4 : 8;

    /// <summary>Returns how surprising another character is, in bits.</summary>
    /// <param name="text">The name.</param>
    /// <param name="i">Place of a character that is not ASCII.</param>
    /// <param name="encoding">The code page, which orders characters by how common they are.</param>
    public virtual double Charge(string text, int i, Encoding encoding)
    {
        char c = text[i];
        if (char.IsControl(c) || char.IsSurrogate(c) || c is >= '\uE000' and <= '\uF8FF')
            return Untyped;
        char before = i > 0 ? text[i - 1] : ' ';
        char after = i + 1 < text.Length ? text[i + 1] : ' ';
        return Charge(c, before, after, encoding);
    }

    private protected abstract double Charge(char c, char before, char after, Encoding encoding);

    private static double CapitalWithinWord(char c, char before) => char.IsUpper(c) && char.IsLower(before) ? 6 : 0;

    /// <summary>Bits of a character that writes East Asian texts besides its script's own: punctuation and wide ASCII.</summary>
    private static double EastAsianMark(char c) => c is (>= '\u3000' and <= '\u301F') or (>= '\uFF01' and <= '\uFF5E') or '\u30FC' or '\u30FB' or '\u00B7' ? 10 : 16;

    /// <summary>Bits for standing directly beside a Latin letter.</summary>
    private static double BesideLatin(char before, char after, double bits) => char.IsAsciiLetter(before) || char.IsAsciiLetter(after) ? bits : 0;

    private static bool IsIdeograph(char c) => c is >= '\u4E00' and <= '\u9FFF';

    /// <summary>Returns the first and second byte of a character.</summary>
    private static (byte Lead, byte Trail) Bytes(char c, Encoding encoding)
    {
        try
        {
            return encoding.GetBytes([c]) is [byte lead, byte trail] ? (lead, trail) : default;
        }
        catch (EncoderFallbackException)
        {
            return default; // Some code pages decode characters that they do not encode.
        }
    }

    private sealed class AnyScript : NameScript
    {
        /// <summary>Bits of a character of three or four bytes: other code pages hardly ever give them.</summary>
        private const double Sure = 2;

        public override double Charge(string text, int i, Encoding encoding) => Charge(text[i], ' ', ' ', encoding);

        private protected override double Charge(char c, char before, char after, Encoding encoding) => c switch
        {
            >= '\u0800' => Sure,
            >= '\u00A0' and <= '\u017F' => 5,
            'ơ' or 'Ơ' or 'ư' or 'Ư' or (>= '\u0218' and <= '\u021B') => 5, // Vietnamese, Romanian
            >= '\u0300' and <= '\u036F' => 5, // accents of their own, as macOS writes them
            (>= '\u0386' and <= '\u03CE') or (>= '\u0400' and <= '\u045F') or 'ґ' or 'Ґ' => 5, // Greek, Cyrillic
            >= '\u0531' and <= '\u06FF' => 5, // Armenian, Hebrew, Arabic
            _ => Symbol,
        };
    }

    private sealed class LatinScript : NameScript
    {
        private protected override double Charge(char c, char before, char after, Encoding encoding)
        {
            if (!char.IsLetter(c) || c is 'ª' or 'º' or >= '\u0250')
                return Symbol;
            double letter = char.IsUpper(c) ? 7 : "äöüßéèáíóúñç".Contains(c, StringComparison.Ordinal) ? 4 : c == 'õ' ? 7 : 5;
            return letter + CapitalWithinWord(c, before) + CapitalWithinWord(after, c) + (char.IsLetter(before) && !char.IsAscii(before) ? 4 : 0);
        }
    }

    private sealed class CyrillicScript : NameScript
    {
        private protected override double Charge(char c, char before, char after, Encoding encoding) =>
            c is (>= '\u0410' and <= '\u044F') or 'Ё' or 'ё' or 'І' or 'і' or 'Ї' or 'ї' or 'Є' or 'є' or 'Ў' or 'ў'
                ? (char.IsUpper(c) ? 7 : 5) + CapitalWithinWord(c, before) + BesideLatin(before, after, Alternation)
                : char.IsLetter(c) ? 9 : Symbol;
    }

    private sealed class JapaneseScript : NameScript
    {
        private protected override double Charge(char c, char before, char after, Encoding encoding) => BesideLatin(before, after, Alternation / 2) + c switch
        {
            >= '\u3041' and <= '\u3096' => 6,
            >= '\u30A1' and <= '\u30FE' => 7,
            >= '\uFF66' and <= '\uFF9F' => 9,
            _ when IsIdeograph(c) => Bytes(c, encoding) is { Lead: >= 0x88 and <= 0x97 } or { Lead: 0x98, Trail: < 0x73 } ? 11 : 17,
            _ => EastAsianMark(c),
        };
    }

    private sealed class ChineseScript : NameScript
    {
        /// <summary>The most frequent characters of running text and of names of pictures, simplified and traditional.</summary>
        private const string Frequent =
            "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部"
            + "其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应向头文体政美相见被利什二等产或新己制身果加西月"
            + "话合回特代内信表化老给世位次度门任常海通儿原东声提立及比员解水名真处走各入口认条平气题活更别打女变四神总何电数安少报结反受目再感建务做接必场件计期市直形决照片左右图像"
            + "脸眼嘴鼻拍男春夏秋冬红白黑花山狗猫這個們來為國說時會對過發後經麼現當沒動還進樣開從實軍無與長機關點業將兩間問應頭體見產話東聲員解處認條氣題別變總電數報結務場計圖臉";

        private protected override double Charge(char c, char before, char after, Encoding encoding)
        {
            if (!IsIdeograph(c))
                return EastAsianMark(c);
            (byte lead, byte trail) = Bytes(c, encoding);
            bool isCommon = encoding.CodePage == 950 ? lead is >= 0xA4 and <= 0xC6 : lead is >= 0xB0 and <= 0xD7 && trail >= 0xA1;
            return BesideLatin(before, after, Alternation / 2) + (Frequent.Contains(c, StringComparison.Ordinal) ? 7 : isCommon ? 11 : 17);
        }
    }

    private sealed class KoreanScript : NameScript
    {
        private protected override double Charge(char c, char before, char after, Encoding encoding)
        {
            if (c is < '\uAC00' or > '\uD7A3')
                return IsIdeograph(c) ? 17 : EastAsianMark(c);
            return BesideLatin(before, after, Alternation / 2) + (Bytes(c, encoding) is { Lead: >= 0xB0 and <= 0xC8, Trail: >= 0xA1 } ? 10 : 17);
        }
    }
}
