using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using KeypointPipeline.Sources.Zips;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Sources.Zips;

/// <summary>Names of files in zips, as programs of all countries write them.</summary>
public sealed class ZipNamesTests
{
    /// <summary>Words of file names in the code pages that zips are written in.</summary>
    private static readonly (int CodePage, string[] Words)[] Written =
    [
        (850, ["Grün", "Grän", "Größe", "Müller", "Übung", "café", "élève", "señor", "niño", "Ångström", "smörgås", "garçon", "São Paulo", "brød", "Été à Noël", "été"]),
        (852, ["zdjęcie", "żółw", "Łódź", "fotky dětí", "škola", "kůň", "świat"]),
        (866, ["фото", "Москва", "Иван Петров", "лицо 1", "мама", "лето 2020"]),
        (936, ["左", "右", "中", "照片", "新建文件夹", "张伟", "人脸", "图片 1", "微信图片_2020"]),
        (932, ["写真", "左", "右", "新しいフォルダー", "カメラ", "田中", "顔", "東京 2020", "表示", "ソフト"]),
        (949, ["사진", "얼굴", "새 폴더", "김철수", "왼쪽", "오른쪽"]),
        (950, ["照片", "左", "新增資料夾", "圖片", "人臉", "王小明"]),
        (1252, ["Männer", "Größe", "élève", "señora", "Fußball"]),
        (1251, ["фотография", "Москва", "лицо и руки"]),
        (1250, ["Řízení", "příliš žluťoučký kůň"]),
    ];

    public static TheoryData<int> CodePages => [.. Written.Select(entry => entry.CodePage)];

    [Theory]
    [MemberData(nameof(CodePages))]
    public void Names_are_read_as_they_were_written(int codePage)
    {
        string[] names = [.. Written.Single(entry => entry.CodePage == codePage).Words.Select(word => $"set/{word}.png"), "set/readme.txt"];

        Assert.Equal(names, Decode(names.Select(NameCodePage.Strict(codePage).GetBytes)));
    }

    [Theory]
    [InlineData(850)]
    [InlineData(866)]
    [InlineData(936)]
    [InlineData(932)]
    [InlineData(949)]
    public void One_name_is_enough_to_tell_a_code_page_of_many_machines(int codePage)
    {
        foreach (string word in Written.Single(entry => entry.CodePage == codePage).Words)
            Assert.Equal([$"{word}.png"], Decode([NameCodePage.Strict(codePage).GetBytes($"{word}.png")]));
    }

    [Fact]
    public void A_code_page_is_tested_for_each_that_is_recognised() =>
        Assert.Equal(NameCodePage.Recognised.Order(), Written.Select(entry => entry.CodePage).Order());

    [Fact]
    public void Names_in_UTF8_are_UTF8_whether_the_zip_says_so_or_not()
    {
        string[] names = ["Größe 左.png", "é", "ș", "ə", "фото", "日本語", "a\u0308.png", "©2020", "Ελλάδα", "עברית", "ไทย", "😀.png"];

        foreach (string name in names)
            Assert.Equal([name, "ä", "Grün"], ZipNames.Decode([Entry(Encoding.UTF8.GetBytes(name)), Entry("ä"u8.ToArray(), flags: 0x800), Entry("Grün"u8.ToArray())]));
        Assert.Equal(names, Decode(names.Select(Encoding.UTF8.GetBytes)));
    }

    [Fact]
    public void A_name_that_is_surely_UTF8_stays_so_beside_names_in_a_code_page() =>
        Assert.Equal(["左.png", "фото", "Grün"], Decode(["左.png"u8.ToArray(), "фото"u8.ToArray(), NameCodePage.Strict(850).GetBytes("Grün")]));

    [Fact]
    public void A_name_in_GBK_whose_bytes_are_UTF8_by_chance_is_no_UTF8()
    {
        byte[] name = NameCodePage.Strict(936).GetBytes("图片.png");
        Assert.True(System.Text.Unicode.Utf8.IsValid(name));

        Assert.Equal(["图片.png"], Decode([name]));
    }

    [Fact]
    public void A_name_in_Unicode_beside_the_name_counts_if_it_belongs_to_it()
    {
        byte[] name = NameCodePage.Strict(850).GetBytes("Grün.png");

        string[] paths = ZipNames.Decode([Entry(name, "Grün 1.png"), Entry([.. name, 1])]);

        Assert.Equal("Grün 1.png", paths[0]);
    }

    [Fact]
    public void Bytes_that_no_code_page_has_are_shown_and_stay_apart()
    {
        byte[] bad = [(byte)'a', 0xC3, 0x28, (byte)'%', (byte)'.', (byte)'j'];

        string[] paths = ZipNames.Decode([Entry(bad, flags: 0x800), Entry([.. bad, 0xFF, 0xFE, 0xFD, 0xFC], flags: 0x800), Entry("a%C3(%25.j"u8.ToArray())]);

        Assert.Equal(3, paths.Distinct().Count());
    }

    [Fact]
    public void A_backslash_separates_folders_unless_the_name_has_slashes_and_comes_from_Unix()
    {
        Assert.Equal(
            ["p/a.png", "p/b\\c.png", "p/d/e.png"],
            ZipNames.Decode([Entry(@"p\a.png"u8.ToArray()), Entry(@"p/b\c.png"u8.ToArray()), Entry(@"p/d\e.png"u8.ToArray(), host: 0)]));
    }

    [Fact]
    public void A_character_whose_second_byte_is_a_backslash_is_no_folder()
    {
        byte[] name = NameCodePage.Strict(932).GetBytes("表示.png");
        Assert.Contains((byte)'\\', name);

        Assert.Equal(["表示.png"], Decode([name]));
    }

    [Fact]
    public void The_same_path_from_other_bytes_becomes_another_path()
    {
        Assert.Equal(["p/a.png", "p%5Ca.png", "p/a.png"], ZipNames.Decode([Entry("p/a.png"u8.ToArray()), Entry(@"p\a.png"u8.ToArray()), Entry("p/a.png"u8.ToArray())]));
    }

    /// <summary>Bytes of several code pages, mixed, repeated and cut.</summary>
    [Property(MaxTest = 500)]
    public Property Names_that_differ_as_bytes_never_fall_together()
    {
        Gen<byte> likely = Gen.Elements<byte>(0x81, 0x84, 0xD7, 0xF3, 0xC3, 0xBC, 0xA4, 0xFF, (byte)'\\', (byte)'/', (byte)'%', (byte)'a', (byte)'.');
        Gen<byte[]> name = Gen.OneOf(likely.ArrayOf(3), likely.ArrayOf(2), Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(2));
        Gen<(byte[] Name, int Host, bool Utf8)> entry =
            from bytes in name from host in Gen.Elements(0, 3) from utf8 in Gen.Elements(true, false) select (bytes, host, utf8);
        return Prop.ForAll(entry.ArrayOf(40).ToArbitrary(), entries =>
        {
            string[] paths = ZipNames.Decode([.. entries.Select(e => Entry(e.Name, host: (byte)e.Host, flags: e.Utf8 ? (ushort)0x800 : (ushort)0))]);

            // Two entries have one path exactly if their names are the same bytes.
            var byPath = paths.Zip(entries, (path, e) => (path, Bytes: Convert.ToHexString(e.Name))).Distinct().ToArray();
            Assert.Equal(byPath.Length, byPath.DistinctBy(pair => pair.path).Count());
        });
    }

    [Property(MaxTest = 300)]
    public Property Every_name_goes_back_to_its_bytes_in_the_code_page_that_was_found()
    {
        Gen<(int CodePage, string[] Names)> written =
            from entry in Gen.Elements(Written)
            from names in Gen.Elements(entry.Words).ArrayOf(3)
            select (entry.CodePage, names);
        return Prop.ForAll(written.ToArbitrary(), set =>
        {
            byte[][] names = [.. set.Names.Select(NameCodePage.Strict(set.CodePage).GetBytes)];
            if (NameCodePage.Find(names) is not { } found)
                return;

            Assert.Equal(names.Select(WithSlashes), Decode(names).Select(path => WithSlashes(found.GetBytes(path))));
        });
    }

    private static byte[] WithSlashes(byte[] name) => Array.ConvertAll(name, b => b == (byte)'\\' ? (byte)'/' : b);

    private static string[] Decode(IEnumerable<byte[]> names) => ZipNames.Decode([.. names.Select(name => Entry(name))]);

    private static ZipEntry Entry(byte[] name, string? unicodeName = null, byte host = 3, ushort flags = 0) =>
        new() { Name = name, UnicodeName = unicodeName, Host = host, Place = new ZipPlace(0, 0, 0, Method: 0, Checksum: 0, flags) };
}
