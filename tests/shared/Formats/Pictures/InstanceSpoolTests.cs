using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Pictures;

public sealed class InstanceSpoolTests : IDisposable
{
    private static readonly string[] Names = ["a", "b", "c"];

    private readonly InstanceSpool _spool = new("labels.csv");

    public void Dispose() => _spool.Dispose();

    [Fact]
    public void Scattered_instances_come_together_by_picture_in_the_order_of_first_mention()
    {
        foreach ((string picture, long row) in ((string, long)[])[("2.png", 1), ("1.png", 2), ("2.png", 3), ("1.png", 4), ("2.png", 5)])
            _spool.Add(Number(picture), Part(row, (0, row, row)));

        List<LabelledPicture> pictures = [.. _spool.Read(Names)];

        Assert.Equal(["2.png", "1.png"], pictures.Select(picture => picture.Path));
        Assert.Equal([1, 3, 5], pictures[0].Instances.Select(instance => instance.Row));
        Assert.Equal([2, 4], pictures[1].Instances.Select(instance => instance.Row));
        Assert.Equal([5, 5, float.NaN, float.NaN, float.NaN, float.NaN], pictures[0].Instances[2].Points);
    }

    [Fact]
    public void Scattered_points_of_an_instance_are_put_together_by_its_key()
    {
        _spool.Add(Number("1.png"), Part(1, (0, 1, 2)) with { Group = "ann" }, "face 1");
        _spool.Add(Number("1.png"), Part(2, (1, 30, 40)), "face 2");
        _spool.Add(Number("2.png"), Part(3, (0, 5, 6)), "face 1");
        _spool.Add(Number("1.png"), Part(4, (2, 7, 8)) with { Box = new PictureBox(1, 2, 3, 4) }, "face 1");

        List<LabelledPicture> pictures = [.. _spool.Read(Names)];

        LabelledInstance first = pictures[0].Instances[0];
        Assert.Equal((1, "ann", new PictureBox(1, 2, 3, 4)), (first.Row, first.Group, first.Box));
        Assert.Equal([1, 2, float.NaN, float.NaN, 7, 8], first.Points);
        Assert.Null(first.States);
        Assert.Equal([float.NaN, float.NaN, 30, 40, float.NaN, float.NaN], pictures[0].Instances[1].Points);
        Assert.Equal([5, 6, float.NaN, float.NaN, float.NaN, float.NaN], Assert.Single(pictures[1].Instances).Points);
    }

    [Fact]
    public void A_keypoint_with_two_positions_is_a_fault_and_the_same_position_twice_is_none()
    {
        _spool.Add(Number("1.png"), Part(1, (1, 1, 2)), "a");
        _spool.Add(Number("1.png"), Part(2, (1, 1, 2)), "a");
        _spool.Add(Number("1.png"), Part(3, (1, 1, 2)), "b");
        _spool.Add(Number("1.png"), Part(4, (1, 1, 2.5f)), "b");

        IReadOnlyList<LabelledInstance> instances = _spool.Read(Names).Single().Instances;

        Assert.Null(instances[0].Fault);
        Assert.Equal((RowProblemKind.Label, "b"), (instances[1].Fault!.Kind, instances[1].Fault!.Column));
    }

    [Fact]
    public void What_an_instance_states_comes_back_unchanged()
    {
        var whole = new LabelledInstance(9_000_000_000, [1.5f, 2.25f, float.NaN, float.NaN, -3, 4])
        {
            States = [LabelState.Visible, LabelState.Absent, LabelState.Occluded],
            Box = new PictureBox(-1, 2.5, 3, 4, 30),
            Group = "ann",
            Id = "7",
            Origin = "v3",
            Checksum = "cafe",
            HalfLabel = 1,
            Fault = new(RowProblemKind.Box, "bbox", "is empty"),
        };
        var facts = new LabelledPicture("ä/1.png", []) { OtherPath = "1.png", File = "x/labels.csv", StatedSize = (640, 480), IsRelative = true };
        int number = _spool.Add(facts);
        _spool.Add(number, whole);
        _spool.Add(number, new LabelledInstance(2, []));

        LabelledPicture picture = _spool.Read(Names).Single();

        Assert.Equal(facts with { Instances = picture.Instances }, picture);
        Assert.Equivalent(whole, picture.Instances[0], strict: true);
        Assert.Null(picture.Instances[1].Box);
        Assert.All(picture.Instances[1].Points, value => Assert.Equal(float.NaN, value));
    }

    [Fact]
    public void A_picture_can_be_described_after_its_instances_and_is_left_out_without_a_description()
    {
        int later = _spool.Reserve();
        int never = _spool.Reserve();
        _spool.Add(later, Part(1, (0, 1, 1)));
        _spool.Add(never, Part(2, (0, 1, 1)));
        _spool.Describe(later, new LabelledPicture("1.png", []));

        Assert.Equal("1.png", _spool.Read(Names).Single().Path);
        Assert.False(_spool.IsDescribed(never));
    }

    [Fact]
    public void The_same_path_of_two_label_files_is_two_pictures()
    {
        int first = _spool.Add(new LabelledPicture("1.png", []) { File = "train/labels.csv" });
        int second = _spool.Add(new LabelledPicture("1.png", []) { File = "valid/labels.csv" });

        Assert.NotEqual(first, second);
        Assert.Equal(2, _spool.Pictures);
    }

    [Fact]
    public void Many_labels_are_kept_in_the_file_and_can_be_read_twice()
    {
        const int Pictures = 20_000;
        for (int i = 0; i < 3 * Pictures; i++)
            _spool.Add(Number($"{i % Pictures}.png"), Part(i, (i % 3, i, -i)));

        for (int time = 0; time < 2; time++)
        {
            int expected = 0;
            foreach (LabelledPicture picture in _spool.Read(Names))
            {
                Assert.Equal($"{expected}.png", picture.Path);
                Assert.Equal([expected, expected + Pictures, expected + (2 * Pictures)], picture.Instances.Select(instance => instance.Row));
                Assert.Equal(expected, picture.Instances[0].Points[2 * (expected % 3)]);
                expected++;
            }

            Assert.Equal(Pictures, expected);
        }
    }

    [Fact]
    public void More_instances_in_a_picture_than_memory_holds_reject_the_file()
    {
        int picture = Number("1.png");
        var e = Assert.Throws<RejectedFileException>(() =>
        {
            for (int i = 0; i <= InstanceSpool.MostInPicture + 1; i++)
                _spool.Add(picture, new LabelledInstance(i, []));
        });

        Assert.Equal("labels.csv has more than 100,000 instances for 1.png. Each picture needs a path of its own.", e.Message);
    }

    private static LabelledInstance Part(long row, (int Keypoint, float X, float Y) point)
    {
        float[] points = new float[2 * (point.Keypoint + 1)];
        Array.Fill(points, float.NaN);
        (points[2 * point.Keypoint], points[(2 * point.Keypoint) + 1]) = (point.X, point.Y);
        return new LabelledInstance(row, points);
    }

    private int Number(string path) => _spool.Add(new LabelledPicture(path, []));
}
