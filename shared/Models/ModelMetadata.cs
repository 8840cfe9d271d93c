using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Training;

namespace KeypointPipeline.Models;

/// <summary>The metadata properties of an ONNX model file, and the names of its input and outputs.</summary>
/// <remarks>Input <c>images</c>: uint8, N×H×W grey, frame size, any N. Output <c>keypoints</c>: float32, N×K×2 (x, y), frame pixels.
/// A model may have a second output, <c>uncertainty</c>: float32, N×K, the expected error of each keypoint. The metadata does not depend
/// on time or run, so the same weights give the same bytes.</remarks>
/// <param name="Schema">Keypoints and frame.</param>
/// <param name="Network">The network's name.</param>
/// <param name="ValidationRmse">Validation error in frame pixels; null if it was not measured.</param>
/// <param name="DataFingerprint">Fingerprint of the training data.</param>
/// <param name="SparseOffsets">Offset of sparse rows' labels from predictions; null if sparse rows are labelled like complete
/// rows.</param>
public sealed partial record ModelMetadata(
    KeypointSchema Schema, string Network, double? ValidationRmse, string DataFingerprint, SparseOffsets? SparseOffsets = null)
{
    /// <summary>Null for the suited one, so that models that state it equal models of earlier versions.</summary>
    private readonly FinderKind? _finder;

    /// <summary>Keypoints without predictions or without calibrated uncertainty. The outputs are NaN for keypoints without
    /// predictions.</summary>
    public LabelGaps Gaps { get; init; } = LabelGaps.None;

    /// <summary>How instances of pictures become frames. Models of earlier versions have <see cref="Framing.Given"/>.</summary>
    public Framing Framing { get; init; } = Framing.Given;

    /// <summary>Where eyes and mouth lie in the frame. Null if the schema lacks them, and in models of earlier versions.</summary>
    public FaceAnchors? Face { get; init; }

    /// <summary>The largest uncertainty of frames that show what the model was trained on. A frame above it is doubtful. Null if the model
    /// gives no uncertainty or had no validation rows, and in models of earlier versions.</summary>
    public FrameGate? Gate { get; init; }

    /// <summary>What finds the instances of pictures if nobody says otherwise. Models of earlier versions have
    /// <see cref="SuitedFinder"/>.</summary>
    public FinderKind Finder
    {
        get => _finder ?? SuitedFinder(Schema, Framing);
        init => _finder = value == SuitedFinder(Schema, Framing) ? null : value;
    }

    /// <summary>Name of the graph input.</summary>
    public const string InputName = "images";

    /// <summary>Name of the graph output with the keypoints.</summary>
    public const string OutputName = "keypoints";

    /// <summary>Metadata property that holds the <see cref="KeypointSchema"/> as JSON.</summary>
    public const string SchemaKey = "keypoints.schema";

    /// <summary>Metadata property that holds <see cref="FormatVersion"/>.</summary>
    public const string FormatKey = "keypoints.format";

    /// <summary>Metadata property that holds <see cref="Network"/>.</summary>
    public const string NetworkKey = "keypoints.network";

    /// <summary>Metadata property that holds <see cref="ValidationRmse"/>, invariant text; absent if unknown.</summary>
    public const string ValidationRmseKey = "keypoints.validation_rmse";

    /// <summary>Metadata property that holds <see cref="DataFingerprint"/>.</summary>
    public const string DataFingerprintKey = "keypoints.data_fingerprint";

    /// <summary>Metadata property that holds <see cref="SparseOffsets"/>, a JSON array of K pairs <c>[dx,dy]</c>; absent if there
    /// are none.</summary>
    public const string SparseOffsetsKey = "keypoints.sparse_offsets";

    /// <summary>Metadata property that holds the names of <see cref="LabelGaps.Unlabelled"/>, a JSON array; absent if there are
    /// none.</summary>
    public const string UnlabelledKey = "keypoints.unlabelled";

    /// <summary>Metadata property that holds the names of <see cref="LabelGaps.Uncalibrated"/>, a JSON array; absent if there are
    /// none.</summary>
    public const string UncalibratedKey = "keypoints.uncalibrated";

    /// <summary>Metadata property that holds <see cref="Framing"/> as JSON; absent for <see cref="FramingKind.Given"/>.</summary>
    public const string FramingKey = "keypoints.framing";

    /// <summary>Metadata property that holds <see cref="Face"/> as JSON; absent if it is null.</summary>
    public const string FaceKey = "keypoints.face";

    /// <summary>Metadata property that holds <see cref="Gate"/> as JSON; absent if it is null.</summary>
    public const string GateKey = "keypoints.gate";

    /// <summary>Metadata property that holds <see cref="Finder"/> as text; absent in models of earlier versions.</summary>
    public const string FinderKey = "keypoints.finder";

    /// <summary>Returns what finds the instances of pictures for a model: the face detector for faces, given boxes for other instances that
    /// are framed, and nothing for whole pictures.</summary>
    /// <param name="schema">The model's keypoints.</param>
    /// <param name="framing">Its framing; null if pictures are the frames.</param>
    public static FinderKind SuitedFinder(KeypointSchema schema, Framing? framing) =>
        FaceParts.Find(schema) is not null ? FinderKind.Faces : framing is { NeedsPlace: true } ? FinderKind.Boxes : FinderKind.Whole;

    /// <summary>The version of these conventions.</summary>
    public const string FormatVersion = "1";
}
