using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>Everything that a reader says about a set.</summary>
/// <param name="Keypoints">Keypoint names.</param>
/// <param name="Mirror">The mirror pairs that the product would use if nobody stated any.</param>
/// <param name="Pictures">The pictures.</param>
internal sealed record ReadLabels(IReadOnlyList<string> Keypoints, MirrorPairs Mirror, IReadOnlyList<LabelledPicture> Pictures)
{
    /// <summary>Writes a scene with a sample and reads it.</summary>
    public static async Task<ReadLabels> FromAsync(LabelSample sample, LabelScene scene)
    {
        await using SampleSet set = await SampleSet.OpenAsync(sample, scene, TestContext.Current.CancellationToken);
        return await FromAsync(set);
    }

    /// <summary>Reads the labels of a set that exactly one format recognises.</summary>
    public static async Task<ReadLabels> FromAsync(SampleSet set)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        RecognisedLabels labels = Assert.Single(set.Recognised);
        await using LabelReader reader = await labels.Format.OpenAsync(set.Files, labels.Files, cancel);
        List<LabelledPicture> pictures = await reader.ReadAsync(cancel).ToListAsync(cancel);
        return new ReadLabels(reader.Keypoints, reader.Mirror?.Apply(reader.Keypoints) ?? MirrorPairs.FromNames(reader.Keypoints), pictures);
    }
}
