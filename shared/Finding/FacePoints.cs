namespace KeypointPipeline.Finding;

/// <summary>Six points of a found face, in pixels of the upright picture; pixel centres are integers. Left and right are the person's, so on
/// a picture of an upright face the right eye has the smaller x.</summary>
/// <param name="RightEye">Centre of the person's right eye.</param>
/// <param name="LeftEye">Centre of the person's left eye.</param>
/// <param name="Nose">Tip of the nose.</param>
/// <param name="Mouth">Centre of the mouth.</param>
/// <param name="RightEar">The person's right ear, where it meets the cheek. A guess if the head hides it.</param>
/// <param name="LeftEar">The person's left ear, where it meets the cheek. A guess if the head hides it.</param>
public sealed record FacePoints(
    FacePoint RightEye,
    FacePoint LeftEye,
    FacePoint Nose,
    FacePoint Mouth,
    FacePoint RightEar,
    FacePoint LeftEar);
