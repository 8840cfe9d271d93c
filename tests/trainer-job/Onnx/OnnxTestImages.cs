using KeypointPipeline.Keypoints;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Onnx;

/// <summary>Images for comparing predictions: noise, lit scenes, and only black and white.</summary>
internal static class OnnxTestImages
{
    /// <summary>A third each of noise, scenes and extremes; N·H·W bytes.</summary>
    public static byte[] Mixed(int count, KeypointSchema schema, int seed)
    {
        var random = new Random(seed);
        byte[] images = new byte[count * schema.FrameSize];
        for (int i = 0; i < count; i++)
        {
            Span<byte> image = images.AsSpan(i * schema.FrameSize, schema.FrameSize);
            switch (i % 3)
            {
                case 0:
                    random.NextBytes(image);
                    break;
                case 1:
                    Scene(image, schema, random);
                    break;
                default:
                    Extreme(image, schema, random, kind: i / 3 % 4);
                    break;
            }
        }

        return images;
    }

    public static Tensor ToTensor(byte[] images, KeypointSchema schema) =>
        tensor(images).reshape(images.Length / schema.FrameSize, schema.FrameHeight, schema.FrameWidth);

    /// <summary>A sloping background with soft dark and light spots, as a face under a lamp.</summary>
    private static void Scene(Span<byte> image, KeypointSchema schema, Random random)
    {
        double slopeX = random.NextDouble() - 0.5;
        double slopeY = random.NextDouble() - 0.5;
        (double X, double Y, double Size, double Depth)[] spots =
        [
            .. Enumerable.Range(0, 5).Select(_ => (
                random.NextDouble(), random.NextDouble(), 0.03 + (0.15 * random.NextDouble()), random.NextDouble() - 0.5)),
        ];
        for (int i = 0; i < image.Length; i++)
        {
            double x = (double)(i % schema.FrameWidth) / schema.FrameWidth;
            double y = (double)(i / schema.FrameWidth) / schema.FrameHeight;
            double light = 0.5 + (slopeX * (x - 0.5)) + (slopeY * (y - 0.5));
            foreach ((double spotX, double spotY, double size, double depth) in spots)
                light += depth * Math.Exp(-(Math.Pow(x - spotX, 2) + Math.Pow(y - spotY, 2)) / (size * size));
            image[i] = (byte)(255 * Math.Clamp(light, 0, 1));
        }
    }

    /// <summary>Black, white, black and white at random, or one white pixel on black.</summary>
    private static void Extreme(Span<byte> image, KeypointSchema schema, Random random, int kind)
    {
        image.Fill(kind == 1 ? byte.MaxValue : byte.MinValue);
        if (kind == 2)
        {
            for (int i = 0; i < image.Length; i++)
                image[i] = random.Next(2) == 0 ? byte.MinValue : byte.MaxValue;
        }
        else if (kind == 3)
        {
            image[random.Next(schema.FrameSize)] = byte.MaxValue;
        }
    }
}
