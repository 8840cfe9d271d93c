using System.Text;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Shared.Tests.Formats.Compliance;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats;

/// <summary>Everything that the only format which recognises a set says about it.</summary>
/// <param name="Keypoints">Keypoint names.</param>
/// <param name="Pictures">The pictures.</param>
/// <param name="Guesses">What was found and the files do not state.</param>
/// <param name="Warnings">What may be wrong.</param>
internal sealed record ReadSet(IReadOnlyList<string> Keypoints, IReadOnlyList<LabelledPicture> Pictures, IReadOnlyList<string> Guesses, IReadOnlyList<string> Warnings)
{
    /// <summary>The points of a picture's only instance.</summary>
    public float[] PointsOf(int picture) => Assert.Single(Pictures[picture].Instances).Points;

    /// <summary>Reads a set.</summary>
    /// <param name="labels">Paths and texts of the label files.</param>
    /// <param name="others">Paths of other files, which are empty.</param>
    public static async Task<ReadSet> FromAsync(IReadOnlyList<(string Path, string Text)> labels, params string[] others)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using SampleSet set = await SampleSet.OpenAsync([.. labels.Select(file => (file.Path, Encoding.UTF8.GetBytes(file.Text)))], others, cancel);
        RecognisedLabels recognised = Assert.Single(set.Recognised);
        await using LabelReader reader = await recognised.Format.OpenAsync(set.Files, recognised.Files, cancel);
        List<LabelledPicture> pictures = await reader.ReadAsync(cancel).ToListAsync(cancel);
        return new ReadSet(reader.Keypoints, pictures, [.. reader.Guesses], [.. reader.Warnings]);
    }
}
