using System.Text;
using KeypointPipeline.Fuzz.Tests.Datasets;
using KeypointPipeline.Fuzz.Tests.Images;
using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Labels;

/// <summary>Creates zips of damaged label files and their pictures.</summary>
internal static class LabelInputs
{
    /// <summary>Name of the reader, in the table and on the command line.</summary>
    public const string TargetName = "labels";

    private static readonly string[] Folders = ["", "", "images/", "set/labeled-data/v/", "A/b/"];

    /// <summary>Pictures of the size that the labels are for, and others.</summary>
    private static readonly byte[][] Pictures =
        [ImageSeeds.Jpegs[0], ImageSeeds.Jpegs[0], ImageSeeds.Jpegs[0], ImageSeeds.Jpegs[0], ImageSeeds.Jpegs[3], ImageSeeds.WebPs[0], ImageSeeds.Pngs[0]];

    /// <summary>All damage to a label file.</summary>
    public static IReadOnlyList<Mutation> Ways { get; } = [.. LabelMutations.All, .. ByteMutations.All];

    /// <summary>Creates the reader of these inputs.</summary>
    public static IFuzzTarget CreateTarget() => new DatasetTarget(TargetName, Create, hasPictures: true);

    /// <summary>Creates a zip of any format, damaged in up to four ways.</summary>
    public static FuzzInput Create(Random random) =>
        Create(random.OneOf(LabelSeeds.All), random.Next(5), random, way: null);

    /// <summary>Creates a zip of any format, damaged in one way.</summary>
    public static FuzzInput Create(Mutation way, Random random) => Create(random.OneOf(LabelSeeds.All), ways: 1, random, way);

    /// <summary>Creates an undamaged zip of one format.</summary>
    public static FuzzInput Create(string format, Random random) =>
        Create(LabelSeeds.All.Single(seed => seed.Name == format), ways: 0, random, way: null);

    private static FuzzInput Create(
        (string Name, Func<Random, IEnumerable<(string Path, string Text)>> Draw) format, int ways, Random random, Mutation? way)
    {
        var recipe = new List<string> { format.Name };
        List<(string Path, byte[] Content)> files = [.. format.Draw(random).Select(file => (file.Path, Encoding.UTF8.GetBytes(file.Text)))];
        for (; ways > 0; ways--)
        {
            int at = random.Next(files.Count);
            files[at] = (files[at].Path, Draw.Damage(files[at].Content, way is null ? Ways : [way], 1, random, recipe));
        }

        string folder = recipe.Count == 1 ? "" : random.OneOf(Folders);
        foreach (string picture in LabelSeeds.Pictures)
        {
            byte[] content = recipe.Count == 1 ? Pictures[0] : random.OneOf(Pictures);
            if (recipe.Count > 1 && random.Next(12) == 0)
                content = random.OneOf(ByteMutations.All).Apply(content, random);
            files.Add((folder + picture, content));
        }

        return new FuzzInput("labels.zip", PackedSeeds.ZipByDotNet(files, random), string.Join(", ", recipe));
    }
}
