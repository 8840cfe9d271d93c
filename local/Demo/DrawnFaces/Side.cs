namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>A half of the face.</summary>
/// <param name="Name">The person's side, as in keypoint names.</param>
/// <param name="Sign">+1 if the picture's x grows away from the nose, −1 if it falls.</param>
internal readonly record struct Side(string Name, float Sign)
{
    /// <summary>Both halves. The person's left is on the picture's right.</summary>
    public static readonly Side[] Both = [new("left", 1), new("right", -1)];
}
