using System.Globalization;
using System.Text;
using KeypointPipeline.Errors;
using KeypointPipeline.Files;
using KeypointPipeline.Images;

namespace KeypointPipeline.Bench.Accuracy.Faces;

/// <summary>Files in Kaggle's format made of Udacity's P1_Facial_Keypoints: 96×96 grey values and 15 keypoints of each frame, one file for
/// each side. Only training rows lack labels, in Kaggle's pattern.</summary>
/// <param name="Training">Path of the training file.</param>
/// <param name="Validation">Path of the validation file.</param>
/// <param name="Test">Path of the test file.</param>
internal sealed record P1Datasets(string Training, string Validation, string Test)
{
    /// <summary>Writes the files that do not exist yet.</summary>
    /// <param name="source">P1's folder <c>data</c>.</param>
    /// <param name="folder">Where the files go.</param>
    /// <param name="cancellationToken">Stops it. An unfinished file is not in place.</param>
    /// <exception cref="UserErrorException">A picture is missing or cannot be read; the message names it.</exception>
    public static async Task<P1Datasets> PrepareAsync(string source, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        ILookup<PersonSide, P1Frame> frames = P1Frame.Read(source).ToLookup(frame => PersonSides.Of(Path.GetFileName(frame.File)));
        return new P1Datasets(
            await WriteAsync(PersonSide.Training), await WriteAsync(PersonSide.Validation), await WriteAsync(PersonSide.Test));

        async Task<string> WriteAsync(PersonSide side)
        {
            string path = Path.Combine(folder, $"p1-{side.ToString().ToLowerInvariant()}.csv");
            if (!File.Exists(path))
                await WriteFileAsync(path, frames[side], side == PersonSide.Training, cancellationToken);
            return path;
        }
    }

    private static async Task WriteFileAsync(string path, IEnumerable<P1Frame> frames, bool hasGaps, CancellationToken cancellationToken)
    {
        var decoder = new ImageDecoder();
        await using WholeFile file = WholeFile.Create(path);
        await using (var text = new StreamWriter(file.Stream, leaveOpen: true))
        {
            await text.WriteLineAsync(string.Join(',', KaggleLabels.Names.SelectMany(name => new[] { $"{name}_x", $"{name}_y" }).Append("Image")));
            foreach (P1Frame frame in frames)
                await text.WriteLineAsync(Row(decoder, frame, hasGaps).AsMemory(), cancellationToken);
        }

        file.Commit();
    }

    private static string Row(ImageDecoder decoder, P1Frame frame, bool hasGaps)
    {
        FrameTransform place = FaceCrop.Place(frame);
        double[] labels = KaggleLabels.Of(frame.Points);
        bool[] missing = hasGaps ? KaggleLabels.Missing(frame.Name) : new bool[KaggleLabels.Names.Count];
        var row = new StringBuilder();
        for (int k = 0; k < missing.Length; k++)
        {
            (double x, double y) = place.ToFrame(labels[2 * k], labels[(2 * k) + 1]);
            row.Append(missing[k] ? ",," : string.Create(CultureInfo.InvariantCulture, $"{x:0.###},{y:0.###},"));
        }

        return row.AppendJoin(' ', Pixels(decoder, frame, place)).ToString();
    }

    private static byte[] Pixels(ImageDecoder decoder, P1Frame frame, FrameTransform place)
    {
        try
        {
            return FaceCrop.Cut(decoder, File.ReadAllBytes(frame.File), place);
        }
        catch (Exception e) when (e is IOException or ImageRejectedException)
        {
            throw new UserErrorException($"{frame.File} cannot be read: {e.Message} Fetch udacity/P1_Facial_Keypoints again.", e);
        }
    }
}
