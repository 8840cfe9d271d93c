using System.Text;
using System.Text.Unicode;

namespace KeypointPipeline.Formats.Csv;

/// <summary>Turns fields of a table into UTF-8. A table whose header is not UTF-8 is Windows-1252, as Western spreadsheets write it;
/// otherwise single fields that are not UTF-8 are.</summary>
internal sealed class TableText
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private bool _isHeaderOther;
    private bool _isFieldOther;

    /// <summary>Finds the encoding of the header.</summary>
    public void Start(ReadOnlySpan<byte> header) => _isHeaderOther = !Utf8.IsValid(header);

    /// <summary>Returns a field as UTF-8. It is copied only if it is not UTF-8.</summary>
    public ReadOnlySpan<byte> ToUtf8(ReadOnlySpan<byte> field)
    {
        if (Ascii.IsValid(field) || (!_isHeaderOther && Utf8.IsValid(field)))
            return field;
        _isFieldOther = true;
        return Encoding.UTF8.GetBytes(Windows1252.GetString(field));
    }

    /// <summary>Describes an encoding other than UTF-8.</summary>
    public IEnumerable<string> Describe()
    {
        if (_isHeaderOther)
            yield return "The text is not UTF-8 and is read as Windows-1252. If names look wrong, save the file as UTF-8.";
        else if (_isFieldOther)
            yield return "Some texts are not UTF-8 and are read as Windows-1252. If groups look wrong, save the file as UTF-8.";
    }
}
