using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Sources;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Pictures;

public sealed class PictureIndexTests
{
    private static readonly Gen<string> Parts = Gen.Elements("a", "b", "A", "video 1", "é", "..", ".", "c.d", "");
    private static readonly Gen<string> Names = Gen.Elements("0.png", "1.PNG", "é.jpg", "0", "x%20y.png", "x y.png", "_READY", "labels.csv");
    private static readonly Gen<string> Stated =
        from start in Gen.Elements("", "/", "C:\\", "https://host/", "../", "./", "..\\..\\", "file:///")
        from folders in Parts.ArrayOf(3)
        from depth in Gen.Choose(0, 3)
        from name in Names
        from slash in Gen.Elements("/", "\\", "//")
        select start + string.Join(slash, folders.Take(depth).Append(name));

    private static readonly Gen<string[]> Sets =
        from paths in (from folders in Gen.Elements("a", "b", "A", "video 1", "é").ArrayOf(2)
                       from depth in Gen.Choose(0, 2)
                       from name in Names
                       select string.Join('/', folders.Take(depth).Append(name))).ArrayOf(6)
        select paths;

    [Theory]
    [InlineData("img/0.png", "", "img/0.png")]
    [InlineData("0.png", "img", "img/0.png")]
    [InlineData("img\\0.png", "", "img/0.png")]
    [InlineData("./img//0.png", "", "img/0.png")]
    [InlineData("IMG/0.PNG", "", "img/0.png")]
    [InlineData("../img/0.png", "annotations", "img/0.png")]
    [InlineData("img/0.png", "annotations", "img/0.png")]
    [InlineData("../../../img/0.png", "annotations", "img/0.png")]
    [InlineData("/home/me/project/img/0.png", "", "img/0.png")]
    [InlineData("C:\\me\\img\\0.png", "", "img/0.png")]
    [InlineData("https://host/x/img/0.png?width=3#top", "", "img/0.png")]
    [InlineData("0.png", "", null)]
    [InlineData("other/1.png", "", "other/sub/1.png")]
    [InlineData("1", "", "other/sub/1.png")]
    [InlineData("mein%20Bild.png", "", "mein Bild.png")]
    [InlineData("2.png", "", null)]
    [InlineData("..", "", null)]
    [InlineData("", "", null)]
    public void A_picture_is_found_by_its_path_then_by_its_longest_end_then_by_its_name(string stated, string folder, string? expected)
    {
        var index = new PictureIndex(MemoryFileSet.Of("img/0.png", "other/0.png", "other/sub/1.png", "mein Bild.png", "labels.csv"));

        PictureLookup found = index.Find(Picture(stated), $"{folder}/labels.csv");

        Assert.Equal(expected, found.File?.Path);
        Assert.Equal(expected is null ? RowProblemKind.PictureMissing : null, found.Fault?.Kind);
    }

    [Fact]
    public void What_several_files_may_be_is_not_found_and_the_files_are_named()
    {
        var index = new PictureIndex(MemoryFileSet.Of("v1/0.png", "v2/0.png", "x.png", "X.png"));

        Assert.Equal("the picture '0.png' may be any of 2 files (v1/0.png, v2/0.png); write its path from the label file's folder", index.Find(Picture("0.png"), "a.csv").Fault?.Text);
        Assert.Equal("v2/0.png", index.Find(Picture("/me/v2/0.png"), "a.csv").File?.Path);
        Assert.Equal("X.png", index.Find(Picture("X.png"), "a.csv").File?.Path);
        Assert.Equal("x.png", index.Find(Picture("x.png"), "a.csv").File?.Path);
        Assert.Null(index.Find(Picture("X.PNG"), "a.csv").File);
        Assert.Equal("the picture '9.png' is not in set", index.Find(Picture("9.png"), "a.csv").Fault?.Text);
    }

    [Fact]
    public void Two_pictures_whose_ends_lead_to_one_file_are_not_found()
    {
        var index = new PictureIndex(MemoryFileSet.Of("v2/001.png", "v3/002.png"));
        foreach (string stated in (string[])["p/v1/001.png", "p/v2/001.png", "v3/002.png", "v4/002.png"])
            index.Note(Picture(stated), "a.csv");

        Assert.Equal(
            "the picture 'p/v1/001.png' may be v2/001.png, but 'p/v2/001.png' leads to the same file; write the paths from the label file's folder",
            index.Find(Picture("p/v1/001.png"), "a.csv").Fault?.Text);
        Assert.NotNull(index.Find(Picture("p/v2/001.png"), "a.csv").Fault);
        Assert.Equal("v3/002.png", index.Find(Picture("v3/002.png"), "a.csv").File?.Path);
        Assert.NotNull(index.Find(Picture("v4/002.png"), "a.csv").Fault);
    }

    [Theory]
    [InlineData("training_frames.csv", "0.png", "training/0.png")]
    [InlineData("test_frames.csv", "0.png", "test/0.png")]
    [InlineData("test_frames.csv", "1.png", "training/1.png")]
    [InlineData("trainingsets.csv", "sub/0.png", "trainings/sub/0.png")]
    [InlineData("validation.csv", "0.png", null)]
    public void A_label_file_prefers_the_folder_beside_it_that_its_name_starts_with(string labels, string stated, string? expected)
    {
        var index = new PictureIndex(MemoryFileSet.Of("training/0.png", "test/0.png", "training/1.png", "training/sub/0.png", "trainings/sub/0.png", "test/sub/0.png"));

        Assert.Equal(expected, index.Find(Picture(stated), labels).File?.Path);
    }

    [Fact]
    public void The_second_path_counts_if_nothing_is_at_the_first()
    {
        var index = new PictureIndex(MemoryFileSet.Of("photos/face.png", "photos/1a2b-eye.png", "eye.png"));

        Assert.Equal("photos/face.png", index.Find(Picture("/data/upload/3/1a2b-face.png", "face.png"), "a.csv").File?.Path);
        Assert.Equal("photos/1a2b-eye.png", index.Find(Picture("/data/upload/3/1a2b-eye.png", "eye.png"), "a.csv").File?.Path);
    }

    [Property(MaxTest = 500)]
    public Property Whatever_is_stated_only_files_of_the_set_are_found_and_only_if_no_other_file_fits_as_well() =>
        Prop.ForAll(Sets.ToArbitrary(), Stated.ToArbitrary(), Gen.Elements("labels.csv", "a/labels.csv", "a/b/labels.csv").ToArbitrary(), (paths, stated, labels) =>
        {
            MemoryFileSet set = MemoryFileSet.Of(paths);

            PictureLookup found = new PictureIndex(set).Find(Picture(stated), labels);

            Assert.True(found.File is null ? found.Fault is not null : found.Fault is null);
            if (found.File is not SetFile file)
                return;
            Assert.Contains(file, set.Files);

            // Another file that agrees as far is only passed over for a whole path, from the label file's folder or from the root.
            string path = string.Join('/', Words(stated));
            string folder = labels[..^"labels.csv".Length];
            bool isWhole = Leads(path, file.Path) || Leads(folder + path, file.Path);
            string[] words = Uri.UnescapeDataString(path).Split('/');
            IEnumerable<string> same = set.Files.Select(other => other.Path).Where(other => other != file.Path && Name(other).Equals(Name(file.Path), StringComparison.OrdinalIgnoreCase));
            Assert.True(isWhole || same.All(other => Common(other, words) < Common(file.Path, words)), $"{stated} -> {file.Path} of {string.Join(' ', paths)}");
        });

    [Property(MaxTest = 300)]
    public Property Every_picture_is_found_by_its_own_path_and_two_stated_paths_never_share_a_file_by_their_ends() =>
        Prop.ForAll(Sets.ToArbitrary(), Stated.ArrayOf(8).ToArbitrary(), (paths, stated) =>
        {
            MemoryFileSet set = MemoryFileSet.Of(paths);
            var index = new PictureIndex(set);
            foreach (string path in stated)
                index.Note(Picture(path), "labels.csv");

            Assert.All(set.Files, file => Assert.Same(file, index.Find(Picture(file.Path), "labels.csv").File));
            Assert.All(set.Files, file => Assert.Same(file, index.Find(Picture(file.Path.Replace('/', '\\')), "x/labels.csv").File ?? file));
            var found = stated.Select(path => (Path: string.Join('/', Words(path)), index.Find(Picture(path), "labels.csv").File)).Where(pair => pair.File is not null);
            foreach (var sharing in found.GroupBy(pair => pair.File!.Path))
            {
                string[] byEnd = [.. sharing.Select(pair => pair.Path).Where(path => !Leads(path, sharing.Key)).Select(Uri.UnescapeDataString).Distinct(StringComparer.OrdinalIgnoreCase)];
                Assert.True(byEnd.Length <= 1, $"{string.Join(" and ", byEnd)} share {sharing.Key}");
            }
        });

    private static LabelledPicture Picture(string path, string? other = null) => new(path, []) { OtherPath = other };

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string[] Words(string path) =>
        [.. path.Replace("https://", "", StringComparison.Ordinal).Replace("file://", "", StringComparison.Ordinal).Split('/', '\\').Where(word => word is not ("" or "."))];

    /// <summary>Whether a path leads to a file as a whole, from the root.</summary>
    private static bool Leads(string path, string file)
    {
        var place = new List<string>();
        foreach (string word in path.Split('/'))
        {
            if (word != "..")
                place.Add(word);
            else if (place.Count > 0)
                place.RemoveAt(place.Count - 1);
            else
                return false;
        }

        return string.Join('/', place).Equals(file, StringComparison.OrdinalIgnoreCase) || Uri.UnescapeDataString(string.Join('/', place)).Equals(file, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Number of folders, from the last, that agree.</summary>
    private static int Common(string path, string[] words)
    {
        string[] parts = path.Split('/');
        int common = 0;
        while (common + 1 < parts.Length && common + 1 < words.Length && parts[^(common + 2)].Equals(words[^(common + 2)], StringComparison.OrdinalIgnoreCase))
            common++;
        return common;
    }
}
