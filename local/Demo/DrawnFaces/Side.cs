namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>One half of the face.</summary>
/// <param name="Name">The person's side, as keypoint names say it.</param>
/// <param name="Sign">+1 where the picture's x grows away from the nose, −1 where it falls.</param>
internal readonly record struct Side(string Name, float Sign)
{
    /// <summary>Both halves; the person's left is on the picture's right.</summary>
    public static readonly Side[] Both = [new("left", 1), new("right", -1)];
}
