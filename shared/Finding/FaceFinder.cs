using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Finding;

/// <summary>Finds the faces of pictures and frames them for a model: turned and scaled so that eyes and mouth lie where they lay in the
/// training.</summary>
/// <param name="find">Finds the faces of a picture, as <see cref="FaceDetector.Find"/> does.</param>
/// <param name="anchors">Where eyes and mouth lie in the model's frame; null for the usual places (<see cref="FaceFrame"/>).</param>
/// <param name="frame">The model's frame.</param>
public sealed class FaceFinder(Func<DecodedPicture, IReadOnlyList<FoundFace>> find, FaceAnchors? anchors, FrameSize frame) : IInstanceFinder
{
    private const string Source = "the face finder";

    /// <inheritdoc/>
    public FinderKind Kind => FinderKind.Faces;

    /// <inheritdoc/>
    public double? Finest(int width, int height) => FaceDetector.Finest(width, height);

    /// <inheritdoc/>
    public IReadOnlyList<InstancePlace> Find(DecodedPicture picture)
    {
        var places = new List<InstancePlace>();
        foreach (FoundFace face in find(picture))
        {
            if (FaceFrame.Place(face.Points, anchors, frame) is FrameTransform transform)
                places.Add(new InstancePlace(face.Box, Source) { Frame = transform });
        }

        return places;
    }
}
