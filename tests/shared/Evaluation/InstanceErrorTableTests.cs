using KeypointPipeline.Datasets;
using KeypointPipeline.Evaluation;
using KeypointPipeline.Evaluation.Photos;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Evaluation;

public sealed class InstanceErrorTableTests
{
    private const string Header = "row,image,instance,points,error_px,picture_error_px,nme,find,status,found_picture_error_px,found_nme\r\n";

    [Fact]
    public void Each_instance_is_a_row_with_its_picture()
    {
        using TemporaryFolder folder = TestFolder.Create("errors");
        File.WriteAllLines(
            folder.File(PreparedDatasetFiles.Pictures),
            [
                PipelineJson.Write(new RowPicture(0, "=a, b.png", "5a1c0c2f9be37d44-1", null)),
                PipelineJson.Write(new RowPicture(1, "c.png", "5a1c0c2f9be37d44-2", null)),
            ]);

        using (InstanceErrorTable table = InstanceErrorTable.Create(folder.File("faces.csv"), folder.Path, []))
        {
            table.Add(new InstanceError(0, 7, 68, 1.5, 3, 0.0432));
            table.Add(new InstanceError(1, 9, 0, null, null, null));
            Assert.False(File.Exists(folder.File("faces.csv")));
            table.Commit();
        }

        Assert.Equal(
            Header + "7,\"./=a, b.png\",5a1c0c2f9be37d44-1,68,1.500,3.000,0.04320,,,,\r\n9,c.png,5a1c0c2f9be37d44-2,0,,,,,,,\r\n", File.ReadAllText(folder.File("faces.csv")));
    }

    [Fact]
    public void What_was_found_stands_beside_each_instance_and_wrong_finds_at_the_end()
    {
        using TemporaryFolder folder = TestFolder.Create("errors");
        File.WriteAllLines(
            folder.File(PreparedDatasetFiles.Pictures),
            [.. Enumerable.Range(0, 3).Select(row => PipelineJson.Write(new RowPicture(row, "a.png", $"5a1c0c2f9be37d44-{row + 1}", null)))]);
        FoundInstance[] found =
        [
            new("a.png", 2, FoundInstance.Missed, null, null, null, null),
            new("a.png", 1, FoundInstance.Right, "5a1c0c2f9be37d44-1", "doubtful", 2.5, 0.05),
            new("=b.png", null, FoundInstance.Wrong, "0123456789abcdef-1", "whole", null, null),
        ];

        using (InstanceErrorTable table = InstanceErrorTable.Create(folder.File("faces.csv"), folder.Path, found))
        {
            for (int row = 0; row < 3; row++)
                table.Add(new InstanceError(row, (uint)row + 1, 68, 1.5, 3, 0.04));
            table.Commit();
        }

        Assert.Equal(
            Header
            + "1,a.png,5a1c0c2f9be37d44-1,68,1.500,3.000,0.04000,found,doubtful,2.500,0.05000\r\n"
            + "2,a.png,5a1c0c2f9be37d44-2,68,1.500,3.000,0.04000,missed,,,\r\n"
            + "3,a.png,5a1c0c2f9be37d44-3,68,1.500,3.000,0.04000,,,,\r\n"
            + ",./=b.png,0123456789abcdef-1,,,,,wrong,whole,,\r\n",
            File.ReadAllText(folder.File("faces.csv")));
    }

    [Fact]
    public void Rows_of_tables_with_pixels_have_their_number_only_and_a_stopped_evaluation_leaves_nothing()
    {
        using TemporaryFolder folder = TestFolder.Create("errors");
        using (InstanceErrorTable table = InstanceErrorTable.Create(folder.File("rows.csv"), folder.Path, []))
        {
            table.Add(new InstanceError(0, 1, 4, 0.25, null, null));
            table.Commit();
        }

        Assert.Equal(Header + "1,,,4,0.250,,,,,,\r\n", File.ReadAllText(folder.File("rows.csv")));

        using (InstanceErrorTable stopped = InstanceErrorTable.Create(folder.File("stopped.csv"), folder.Path, []))
            stopped.Add(new InstanceError(0, 1, 4, 0.25, null, null));
        Assert.Equal(["rows.csv"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName));
    }
}
