using System.Text;
using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Draws zips whose table needs more than itself: pictures in an array of NumPy beside it, or a table in a zip inside the
/// zip.</summary>
internal static class SetSeeds
{
    private const int Side = 8;

    private static readonly string[] Types = ["|u1", "|u1", "|u1", "|u1", "u1", "<f4", "|O", "|b1"];

    /// <summary>Packs a table, or labels drawn for it, with what else such sets hold.</summary>
    public static byte[] Zip(byte[] table, Random random) => random.Next(3) == 0
        ? PackedSeeds.Zip(Kaggle(table, random), random)
        : PackedSeeds.Zip(WithArray(random), random);

    private static IEnumerable<(string, byte[])> Kaggle(byte[] table, Random random) =>
    [
        ("IdLookupTable.csv", Encoding.UTF8.GetBytes("RowId,ImageId,FeatureName,Location\n1,1,point 1_x,\n")),
        ("SampleSubmission.csv", Encoding.UTF8.GetBytes("RowId,Location\n1,0\n")),
        ("test.zip", PackedSeeds.Zip([("test.csv", Encoding.UTF8.GetBytes("ImageId,Image\n1,1 2 3\n"))], random)),
        ("training.zip", PackedSeeds.Zip([("training.csv", table)], random)),
    ];

    private static IEnumerable<(string, byte[])> WithArray(Random random)
    {
        int rows = random.Next(1, 7);
        var labels = new StringBuilder("nose_x,nose_y\n");
        for (int row = 0; row < rows; row++)
            labels.Append(row % Side).Append(',').Append(random.Next(Side)).Append('\n');
        string shape = random.Next(3) switch
        {
            0 => $"{rows}, {Side}, {Side}",
            1 => $"{Side}, {Side}, {rows}",
            _ => $"{Side}, {Side}, 1, {rows + random.Next(2)}",
        };
        byte[] array = Array(random, shape, ByteEdits.Noise(random, rows * Side * Side));
        if (random.Next(2) == 0)
            array = random.OneOf(ByteMutations.All).Apply(array, random);
        yield return ("facial_keypoints.csv", Encoding.UTF8.GetBytes(labels.ToString()));
        if (random.Next(4) == 0)
        {
            yield return ("face_images.npy", array);
            yield break;
        }

        var arrays = new List<(string, byte[])> { ("face_images.npy", array) };
        if (random.Next(4) == 0)
            arrays.Add(("ids.npy", Array(random, $"{rows},", new byte[rows])));
        yield return ("face_images.npz", PackedSeeds.Zip(arrays, random));
    }

    /// <summary>An array as <c>numpy.save</c> writes it (NEP 1).</summary>
    private static byte[] Array(Random random, string shape, byte[] elements)
    {
        int version = random.Next(1, 4);
        byte[] header = Encoding.Latin1.GetBytes(
            $"{{'descr': '{random.OneOf(Types)}', 'fortran_order': {(random.Next(2) == 0 ? "True" : "False")}, 'shape': ({shape}), }}".PadRight(117) + "\n");
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes((uint)header.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. header, .. elements];
    }
}
