using System.Globalization;
using System.Text;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Stored;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Storage;
using KeypointPipeline.TrainerJob.Loop;
using TorchSharp;

namespace KeypointPipeline.TrainerJob.Tests.Support;

/// <summary>Small drawn "faces": two bright eyes and a dark mouth on a grey ground, with labels missing here and there.</summary>
internal static class TinyFaces
{
    public const int Side = 24;

    public static KeypointSchema Schema { get; } = new(["left_eye", "right_eye", "mouth"], Side, Side);

    public static TrainingData Create(int rows, int seed, torch.Device? device = null)
    {
        (byte[] images, float[] keypoints) = Draw(rows, seed);
        return TrainingData.Create(Schema, images, keypoints, device ?? torch.CPU);
    }

    public static string WriteCsv(string path, int rows, int seed)
    {
        (byte[] images, float[] keypoints) = Draw(rows, seed);
        var text = new StringBuilder(string.Join(',', Schema.Names.SelectMany(name => new[] { $"{name}_x", $"{name}_y" }))).AppendLine(",Image");
        foreach ((byte[] image, float[] labels) in images.Chunk(Schema.FrameSize).Zip(keypoints.Chunk(Schema.Count * 2)))
        {
            text.AppendJoin(',', labels.Select(v => float.IsNaN(v) ? string.Empty : v.ToString(CultureInfo.InvariantCulture)))
                .Append(',').AppendJoin(' ', image).AppendLine();
        }

        File.WriteAllText(path, text.ToString());
        return path;
    }

    /// <summary>A prepared dataset of drawn rows below <paramref name="folder"/>.</summary>
    public static async Task<(string Folder, DatasetManifest Manifest)> PrepareAsync(
        string folder, int rows, int seed, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        string prepared = Path.Combine(folder, $"prepared-{seed}");
        return (prepared, await PrepareAsync(folder, rows, seed, new PreparedFolder(prepared), cancellationToken));
    }

    /// <summary>A prepared dataset of drawn rows in storage.</summary>
    public static async Task<DatasetManifest> UploadAsync(
        PipelineStorage storage, string folder, int rows, int seed, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await using PreparedUpload upload = new PreparedDatasetStore(storage).StartUpload();
        DatasetManifest manifest = await PrepareAsync(folder, rows, seed, upload, cancellationToken);
        await upload.PublishAsync(cancellationToken);
        return manifest;
    }

    private static async Task<DatasetManifest> PrepareAsync(
        string folder, int rows, int seed, PreparedOutput output, CancellationToken cancellationToken)
    {
        PreparationOutcome outcome = await new DatasetPreparation(TimeProvider.System).PrepareAsync(
            DatasetSource.FromFile(WriteCsv(Path.Combine(folder, $"faces-{seed}.csv"), rows, seed)),
            output, new DatasetOptions(), progress: null, cancellationToken);
        return outcome.Manifest!;
    }

    public static (byte[] Images, float[] Keypoints) Draw(int rows, int seed)
    {
        var random = new Random(seed);
        byte[] images = new byte[rows * Schema.FrameSize];
        float[] keypoints = new float[rows * Schema.Count * 2];
        for (int row = 0; row < rows; row++)
        {
            Span<byte> image = images.AsSpan(row * Schema.FrameSize, Schema.FrameSize);
            Span<float> labels = keypoints.AsSpan(row * Schema.Count * 2, Schema.Count * 2);
            for (int i = 0; i < image.Length; i++)
                image[i] = (byte)random.Next(90, 130);
            Dot(image, labels, 0, random.Next(14, 19), random.Next(6, 11), 250);
            Dot(image, labels, 1, random.Next(5, 10), random.Next(6, 11), 250);
            Dot(image, labels, 2, random.Next(9, 15), random.Next(15, 20), 5);
            if (row % 3 == 0)
                labels[4..].Fill(float.NaN);
        }

        return (images, keypoints);
    }

    private static void Dot(Span<byte> image, Span<float> labels, int keypoint, int x, int y, byte grey)
    {
        for (int dy = -1; dy <= 1; dy++)
            image.Slice(((y + dy) * Side) + x - 1, 3).Fill(grey);
        labels[2 * keypoint] = x;
        labels[(2 * keypoint) + 1] = y;
    }
}
