using KeypointPipeline.Datasets;
using KeypointPipeline.Evaluation;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Evaluation;

public sealed class InstanceErrorTableTests
{
    private const string Header = "row,image,instance,points,error_px,picture_error_px,nme\r\n";

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

        using (InstanceErrorTable table = InstanceErrorTable.Create(folder.File("faces.csv"), folder.Path))
        {
            table.Add(new InstanceError(0, 7, 68, 1.5, 3, 0.0432));
            table.Add(new InstanceError(1, 9, 0, null, null, null));
            Assert.False(File.Exists(folder.File("faces.csv")));
            table.Commit();
        }

        Assert.Equal(
            Header + "7,\"./=a, b.png\",5a1c0c2f9be37d44-1,68,1.500,3.000,0.04320\r\n9,c.png,5a1c0c2f9be37d44-2,0,,,\r\n", File.ReadAllText(folder.File("faces.csv")));
    }

    [Fact]
    public void Rows_of_tables_with_pixels_have_their_number_only_and_a_stopped_evaluation_leaves_nothing()
    {
        using TemporaryFolder folder = TestFolder.Create("errors");
        using (InstanceErrorTable table = InstanceErrorTable.Create(folder.File("rows.csv"), folder.Path))
        {
            table.Add(new InstanceError(0, 1, 4, 0.25, null, null));
            table.Commit();
        }

        Assert.Equal(Header + "1,,,4,0.250,,\r\n", File.ReadAllText(folder.File("rows.csv")));

        using (InstanceErrorTable stopped = InstanceErrorTable.Create(folder.File("stopped.csv"), folder.Path))
            stopped.Add(new InstanceError(0, 1, 4, 0.25, null, null));
        Assert.Equal(["rows.csv"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName));
    }
}
