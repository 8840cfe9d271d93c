using FsCheck.Xunit;
using KeypointPipeline.TrainerJob.Checkpoints;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Checkpoints;

public sealed class CheckpointFileTests
{
    /// <summary>A new one each time, because a checkpoint keeps its file and tests damage it.</summary>
    private static Checkpoint Example => CheckpointFile.Create(
        new CheckpointHeader(
            new TrainingSettings(Epochs: 7, Patience: 2), 100, 10, [new EpochMetrics(1, 0.003, 5.25, null, 1.5, 70)], 1, null, PartBytes: []),
        [writer => writer.Write([1, 2, 3]), _ => { }, writer => writer.Write([4, 5])]);

    [Fact]
    public void What_was_written_is_read_back()
    {
        Checkpoint read = CheckpointFile.Read(CheckpointFile.Write(Example));

        Assert.Equal([[1, 2, 3], [], [4, 5]], read.Parts.Select(part => part.ToArray()));
        Assert.Equal([3, 0, 2], read.Header.PartBytes);
        Assert.Equal(Example.Header.Settings, read.Header.Settings);
        Assert.Equal(Example.Header.Metrics, read.Header.Metrics);
    }

    [Property]
    public void One_changed_byte_anywhere_is_noticed(ushort at, byte change)
    {
        byte[] file = CheckpointFile.Write(Example);
        file[at % file.Length] ^= (byte)(change | 1);

        Assert.Throws<InvalidDataException>(() => CheckpointFile.Read(file));
    }

    [Property]
    public void A_file_cut_short_is_noticed(ushort length)
    {
        byte[] file = CheckpointFile.Write(Example);

        Assert.Throws<InvalidDataException>(() => CheckpointFile.Read(file[..(length % file.Length)]));
    }

    [Fact]
    public void A_foreign_file_is_told_from_a_newer_version_and_from_a_damaged_one()
    {
        byte[] newer = CheckpointFile.Write(Example);
        newer[8]++;
        byte[] damaged = CheckpointFile.Write(Example);
        damaged[^1] ^= 1;

        Assert.Contains("not a trainer's checkpoint", Reason(new byte[500]), StringComparison.Ordinal);
        Assert.Contains($"version {newer[8]},", Reason(newer), StringComparison.Ordinal);
        Assert.Contains("checksum", Reason(damaged), StringComparison.Ordinal);
    }

    private static string Reason(byte[] file) => Assert.Throws<InvalidDataException>(() => CheckpointFile.Read(file)).Message;
}
