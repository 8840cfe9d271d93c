using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Evaluation.Photos;

/// <summary>Predicts labelled instances from the frames that their own labels give: as the training framed them, or for a model of given
/// frames so that eyes and mouth lie where they lay in training. This is what a perfect finder would give.</summary>
/// <param name="model">The model.</param>
internal sealed class OwnCrops(KeypointModel model)
{
    private readonly Framing _framing = model.Metadata.Framing.For(model.Schema.Names);
    private readonly FrameSize _frame = new(model.Schema.FrameWidth, model.Schema.FrameHeight);
    private readonly FaceParts? _parts = FaceParts.Find(model.Schema);

    /// <summary>Predicts instances of a picture and adds their errors. Leaves out those whose labels give no frame.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="instances">The instances.</param>
    /// <param name="score">Receives the errors.</param>
    /// <exception cref="ImageRejectedException">The pixels cannot be decoded.</exception>
    public void Predict(OpenedPicture picture, IReadOnlyList<TrueInstance> instances, PhotoScore score)
    {
        (TrueInstance Instance, FrameTransform Place)[] placed =
            [.. instances.Select(instance => (instance, Place: Place(instance, picture))).Where(one => one.Place is not null).Select(one => (one.instance, one.Place!.Value))];
        if (placed.Length == 0)
            return;
        int points = model.Schema.Count;
        int lengths = model.HasUncertainty ? points : 0;
        byte[] frames = [.. picture.Sample([.. placed.Select(one => one.Place)], _frame).SelectMany(frame => frame)];
        float[] predicted = new float[placed.Length * points * 2];
        float[] uncertainties = new float[placed.Length * lengths];
        model.Predict(frames, placed.Length, predicted, uncertainties);
        for (int i = 0; i < placed.Length; i++)
        {
            score.AddOwnCrop(
                placed[i].Instance, placed[i].Place, predicted.AsSpan(i * points * 2, points * 2), uncertainties.AsSpan(i * lengths, lengths));
        }
    }

    private FrameTransform? Place(TrueInstance instance, OpenedPicture picture)
    {
        if (_framing.NeedsPlace)
            return _framing.TryPlace(instance.Box, instance.Points, picture.Width, picture.Height, _frame, out FrameTransform place, out _) ? place : null;
        if (_parts is null)
            return null;
        (FacePoint right, FacePoint left, FacePoint mouth) =
            (FacePoint.Middle(instance.Points, _parts.RightEye), FacePoint.Middle(instance.Points, _parts.LeftEye), FacePoint.Middle(instance.Points, _parts.Mouth));
        if (!double.IsFinite(right.X + left.X + mouth.X))
            return null;
        // Some labels state the sides as the viewer sees them. The eyes are exchanged where the face would be mirrored otherwise.
        double turn = ((left.X - right.X) * (mouth.Y - right.Y)) - ((left.Y - right.Y) * (mouth.X - right.X));
        if (turn < 0)
            (right, left) = (left, right);
        // Nose and ears do not change the frame.
        return FaceFrame.Place(new FacePoints(right, left, mouth, mouth, right, left), model.Metadata.Face, _frame);
    }
}
