using KeypointPipeline.Files;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Files;

public sealed class FileNamesTests
{
    [Theory]
    [InlineData(".DS_Store")]
    [InlineData("a/.hidden/b.png")]
    [InlineData(@"a\.hidden\b.png")]
    [InlineData("__MACOSX/._a.csv")]
    [InlineData("sub/__macosx/a.csv")]
    [InlineData("Thumbs.db")]
    [InlineData("sub/THUMBS.DB")]
    [InlineData("desktop.ini")]
    [InlineData("folder/")]
    [InlineData(@"folder\")]
    public void What_systems_and_editors_leave_behind_is_hidden(string name) => Assert.True(FileNames.IsHidden(name));

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.b/c.d.png")]
    [InlineData("./a.png")]
    [InlineData("../a.png")]
    [InlineData("..")]
    [InlineData("MACOSX/a.png")]
    [InlineData("Thumbs.db.png")]
    [InlineData("a//b.png")]
    public void Other_names_are_not_hidden(string name) => Assert.False(FileNames.IsHidden(name));

    [Theory]
    [InlineData("training.csv")]
    [InlineData("a b/Größe.CSV.GZ")]
    [InlineData("training.Zip")]
    [InlineData("training.tsv")]
    [InlineData("a/Training.TSV.gz")]
    public void A_dataset_is_known_by_its_ending_in_any_case(string name) => Assert.True(FileNames.IsDataset(name));

    [Theory]
    [InlineData("training.gz")]
    [InlineData("training.tsv.zip.gz")]
    [InlineData("csv")]
    [InlineData("training.csv.txt")]
    [InlineData("training.csv/")]
    public void Another_ending_is_not_a_datasets(string name) => Assert.False(FileNames.IsDataset(name));

    [Fact]
    public void Messages_list_every_ending() => Assert.Equal(".csv, .tsv, .csv.gz, .tsv.gz or .zip", FileNames.DatasetEndings);

    [Theory]
    [InlineData("data/training.CSV", true)]
    [InlineData("training.tsv", true)]
    [InlineData("__MACOSX/._training.csv", false)]
    [InlineData("training.csv.gz", false)]
    public void A_zips_table_is_a_table_that_is_not_hidden(string name, bool expected) => Assert.Equal(expected, FileNames.IsTableInZip(name));
}
