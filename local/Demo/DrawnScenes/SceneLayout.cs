using KeypointPipeline.Local.Demo.DrawnFaces;
using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnScenes;

/// <summary>Chooses places for the faces of a scene. Heads do not overlap, and every head lies inside the picture.</summary>
internal static class SceneLayout
{
    private const int Tries = 60;
    private const float SmallestSide = 64;
    private const float SmallestShare = 0.07f;
    private const float LargestTilt = 40 * MathF.PI / 180;

    /// <summary>Chooses the places. Most scenes are upright; in the others everybody is tilted together, as in a photo taken with a
    /// tilted camera.</summary>
    /// <param name="random">The scene's generator.</param>
    /// <param name="width">Width of the picture, pixels.</param>
    /// <param name="height">Height of the picture, pixels.</param>
    /// <param name="count">Number of faces, 0 or more.</param>
    /// <returns>The places from back to front: people further down in the picture stand in front.</returns>
    public static IReadOnlyList<PlacedFace> Sample(FaceRandom random, int width, int height, int count)
    {
        float tilt = random.Chance(0.6f) ? random.Around(0, 0.06f) : random.Between(-LargestTilt, LargestTilt);
        List<PlacedFace> placed = [];
        foreach (float side in Sides(random, width, height, count))
            placed.Add(Place(random, width, height, side, tilt + random.Around(0, 0.12f), placed));
        (float sin, float cos) = MathF.SinCos(tilt);
        return [.. placed.OrderBy(face => face.Centre.Y * cos - face.Centre.X * sin)];
    }

    /// <summary>Chooses sizes, the largest first. The more faces there are, the smaller they are.</summary>
    private static IEnumerable<float> Sides(FaceRandom random, int width, int height, int count)
    {
        float shared = MathF.Sqrt((float)width * height / Math.Max(1, count));
        float largest = Math.Min(Math.Min(width, height) * 0.78f, shared * random.Between(0.35f, 0.8f));
        float smallest = Math.Max(SmallestSide, SmallestShare * MathF.Sqrt((float)width * height));
        float[] sides = new float[count];
        for (int i = 0; i < count; i++)
            sides[i] = Math.Max(smallest, largest * random.Between(0.4f, 1));
        return sides.OrderDescending();
    }

    /// <summary>Finds a free place for a head. A head for which there is none becomes smaller.</summary>
    private static PlacedFace Place(FaceRandom random, int width, int height, float side, float roll, List<PlacedFace> placed)
    {
        for (; ; side *= 0.85f)
        {
            for (int i = 0; i < Tries; i++)
            {
                float radius = new PlacedFace(SKPoint.Empty, side, roll).Radius;
                if (2 * radius > Math.Min(width, height))
                    break;
                var face = new PlacedFace(
                    new SKPoint(random.Between(radius, width - radius), random.Between(radius, height - radius)), side, roll);
                if (placed.All(other => SKPoint.Distance(other.Centre, face.Centre) >= other.Radius + face.Radius))
                    return face;
            }
        }
    }
}
