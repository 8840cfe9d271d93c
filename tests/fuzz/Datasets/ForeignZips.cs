using System.Text;
using KeypointPipeline.Fuzz.Tests.Mutations;
using KeypointPipeline.TestSupport;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Zips as programs other than .NET write them: names in code pages and with backslashes, names in Unicode beside them, 64-bit
/// sizes, other methods, passwords.</summary>
internal static class ForeignZips
{
    private static readonly int[] CodePages = [850, 852, 866, 932, 936, 949, 950, 1250, 1251, 1252];
    private static readonly string[] Folders = ["", "", "Gr\u00FCn/", "\u5DE6\\", "\u0444\u043E\u0442\u043E/", "\u5199\u771F/", "p\\", "\uC0AC\uC9C4/", "sub/dir/"];

    /// <summary>Packs files.</summary>
    public static byte[] Create(IEnumerable<(string Name, byte[] Content)> files, Random random)
    {
        Encoding names = CodePagesEncodingProvider.Instance.GetEncoding(random.OneOf(CodePages))!;
        string folder = random.OneOf(Folders);
        bool isUtf8 = random.Next(3) == 0;
        return RawZip.Write(
            files.Select(file => File(folder + file.Name, file.Content, isUtf8 ? Encoding.UTF8 : names, random)), wide: random.Next(3) == 0);
    }

    private static RawZipFile File(string name, byte[] content, Encoding names, Random random)
    {
        byte[] bytes = names.GetBytes(name);
        int flags = random.Next(30) == 0 ? 1 : 0;
        return new RawZipFile(bytes, content)
        {
            Host = (byte)random.OneOf<int>([0, 3, 3, 10, 11, 19]),
            Flags = (ushort)(random.Next(4) == 0 ? flags | 0x800 : flags),
            Method = (ushort)random.OneOf<int>([0, 8, 8, 8, 8, 9, 12, 14, 93]),
            Extra = random.Next(5) == 0 ? RawZip.UnicodeName(name, random.Next(2) == 0 ? bytes : [1]) : [],
        };
    }
}
