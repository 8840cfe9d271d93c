using KeypointPipeline.Finding;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Inference;

/// <summary>The finders of this process. The face detector is opened when it is needed first, and shared by all models.</summary>
public sealed class Finders : IDisposable
{
    private readonly Lazy<FaceDetector> _detector = new(FaceDetector.Open);

    /// <summary>Returns a finder for a model.</summary>
    /// <param name="kind">What finds the instances.</param>
    /// <param name="model">The model that predicts them.</param>
    public IInstanceFinder Of(FinderKind kind, KeypointModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return kind == FinderKind.Faces
            ? new FaceFinder(picture => _detector.Value.Find(picture), model.Metadata.Face, new FrameSize(model.Schema.FrameWidth, model.Schema.FrameHeight))
            : new StatedPlaces(kind);
    }

    /// <summary>Closes the detector.</summary>
    public void Dispose()
    {
        if (_detector.IsValueCreated)
            _detector.Value.Dispose();
    }
}
