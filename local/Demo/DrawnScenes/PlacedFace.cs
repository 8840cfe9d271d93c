using System.Runtime.InteropServices;
using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnScenes;

/// <summary>The place of a face in a scene.</summary>
/// <param name="Centre">Position of the face's origin, between eyes and mouth, in continuous pixels of the picture.</param>
/// <param name="Side">Side of the square that the face would fill as a portrait, pixels.</param>
/// <param name="Roll">Rotation in the picture plane, radians, clockwise.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PlacedFace(SKPoint Centre, float Side, float Roll)
{
    /// <summary>Radius of a circle around the centre that holds the head with its hair, divided by <see cref="Side"/>.</summary>
    private const float HeadRadius = 0.6f;

    /// <summary>Radius of a circle around <see cref="Centre"/> that holds the head with its hair, pixels.</summary>
    public float Radius => HeadRadius * Side;
}
