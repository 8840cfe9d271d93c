using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>Reads files of strangers and checks what a reader promises for every file.</summary>
internal static class HostileReading
{
    private const int LongestText = 2_000;

    /// <summary>Reads a sample's files, one of them with other content.</summary>
    public static Task AssertHarmlessAsync(LabelSample sample, LabelScene scene, string path, byte[] content) => AssertHarmlessAsync(
        [.. sample.Write(scene).Select(file => (file.Path, file.Path == path ? content : Encoding.UTF8.GetBytes(file.Text)))]);

    /// <summary>Reads label files with every format that recognises one.</summary>
    public static async Task AssertHarmlessAsync(IReadOnlyList<(string Path, byte[] Content)> files)
    {
        await using SampleSet set = await SampleSet.OpenAsync(files, [], TestContext.Current.CancellationToken);
        foreach (RecognisedLabels labels in set.Recognised)
        {
            try
            {
                await ReadAsync(set, labels);
            }
            catch (RejectedFileException e)
            {
                AssertText(e.Message);
            }
        }
    }

    private static async Task ReadAsync(SampleSet set, RecognisedLabels labels)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using LabelReader reader = await labels.Format.OpenAsync(set.Files, labels.Files, cancel);
        Assert.NotEmpty(reader.Keypoints);
        Assert.Distinct(reader.Keypoints);
        Assert.All(reader.Keypoints, keypoint => Assert.Null(KeypointName.FindProblem(keypoint)));
        await foreach (LabelledPicture picture in reader.ReadAsync(cancel))
        {
            foreach (LabelledInstance instance in picture.Instances)
                AssertUsable(instance, reader.Keypoints.Count);
        }

        Assert.All([.. reader.Guesses, .. reader.Warnings, reader.FileName, reader.RowWord], AssertText);
    }

    private static void AssertUsable(LabelledInstance instance, int keypoints)
    {
        if (instance.Fault is { } fault)
        {
            AssertText(fault.Text);
            return;
        }

        Assert.Equal(2 * keypoints, instance.Points.Length);
        for (int k = 0; k < keypoints; k++)
        {
            bool isPlaced = float.IsFinite(instance.Points[2 * k]) && float.IsFinite(instance.Points[(2 * k) + 1]);
            Assert.True(isPlaced || (float.IsNaN(instance.Points[2 * k]) && float.IsNaN(instance.Points[(2 * k) + 1])));
            if (instance.States?[k] is LabelState state)
                Assert.Equal(isPlaced, state is LabelState.Labelled or LabelState.Visible or LabelState.Occluded);
        }

        if (instance.States is not null)
            Assert.Equal(keypoints, instance.States.Length);
        if (instance.Box is PictureBox box)
            Assert.True(double.IsFinite(box.Left) && double.IsFinite(box.Top) && double.IsFinite(box.Angle) && box.Width is > 0 and < double.PositiveInfinity && box.Height is > 0 and < double.PositiveInfinity, box.ToString());
    }

    private static void AssertText(string text)
    {
        Assert.InRange(text.Length, 1, LongestText);
        Assert.DoesNotContain(text, char.IsControl);
    }
}
