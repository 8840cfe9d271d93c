using KeypointPipeline.Images;

namespace KeypointPipeline.Finding;

/// <summary>Finds the human faces of a picture with the two BlazeFace networks. Several threads can call it at once, each with a picture of its
/// own; a call uses one processor.</summary>
/// <remarks>Each network looks at the whole picture, the one for smaller faces in more detail. Each find is then checked by a closer look at its
/// surroundings, which drops most wrong finds and gives the points. Recall, wrong finds and limits: docs/finding.md.</remarks>
public sealed class FaceDetector : IDisposable
{
    /// <summary>An environment variable: the folder of the networks, for a program that does not have them beside it. The command sets it for
    /// the trainer that it starts.</summary>
    public const string FolderVariable = "KEYPOINTS_FACE_FINDER";

    /// <summary>The folder beside the program, where the build puts the networks (<c>Networks/FaceNetworks.targets</c>).</summary>
    private const string FolderName = "face-finder";

    /// <summary>Lowest score of a candidate.</summary>
    private const double LeastScore = 0.5;

    /// <summary>Lowest score of a face in the closer look.</summary>
    private const double LeastCheckedScore = 0.65;

    /// <summary>Lowest score of the cells whose mean is the face of the closer look.</summary>
    private const double LeastSeenScore = 0.3;

    /// <summary>The window of the closer look has this multiple of the face's width.</summary>
    private const double CheckedShare = 3;

    /// <summary>Lowest overlap of a candidate and what the closer look sees.</summary>
    private const double LeastCheckedOverlap = 0.2;

    /// <summary>Least width of a face in pixels of the picture, with about eight between the eyes. Fewer are too few for a model, and too few to tell a
    /// face from other things.</summary>
    private const double LeastWidth = 20;

    /// <summary>Pixels of a picture's extent that the search uses: more than two for each pixel of a far window. More would not show more faces.
    /// JPEGs of 2,560 and more are decoded at half their size, in a third of the time.</summary>
    private const double UsefulExtent = 1_280;

    private readonly FaceNetwork _near;
    private readonly FaceNetwork _far;

    private FaceDetector(FaceNetwork near, FaceNetwork far)
    {
        _near = near;
        _far = far;
    }

    /// <summary>Where the networks are: beside the program, or where <see cref="FolderVariable"/> says.</summary>
    public static string Folder => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } stated
        ? stated
        : Path.Combine(AppContext.BaseDirectory, FolderName);

    /// <summary>Opens the networks of <see cref="Folder"/>.</summary>
    /// <exception cref="FaceNetworksMissingException">The files are not there, or ONNX Runtime cannot load them.</exception>
    public static FaceDetector Open() => Open(Folder);

    /// <summary>Opens the networks of a folder.</summary>
    internal static FaceDetector Open(string folder)
    {
        var near = FaceNetwork.Open(Path.Combine(folder, "front-128.onnx"), cell: 8);
        try
        {
            return new FaceDetector(near, FaceNetwork.Open(Path.Combine(folder, "back-256.onnx"), cell: 16));
        }
        catch
        {
            near.Dispose();
            throw;
        }
    }

    /// <summary>Returns how fine the pixels of a picture must be for the search, as picture pixels per pixel: what
    /// <see cref="OpenedPicture.Decode(double)"/> takes. Coarser ones hide small faces.</summary>
    /// <param name="width">Width of the picture in pixels.</param>
    /// <param name="height">Height of the picture in pixels.</param>
    public static double Finest(int width, int height) => Math.Max(1, SearchWindows.ExtentOf(width, height) / UsefulExtent);

    /// <summary>Finds the faces of a picture.</summary>
    /// <param name="picture">The picture, decoded as finely as <see cref="Finest"/> says.</param>
    /// <returns>The faces, the largest first. Empty if there is none.</returns>
    public IReadOnlyList<FoundFace> Find(DecodedPicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        SearchWindows windows = SearchWindows.Of(picture.Width, picture.Height);
        List<FaceCandidate> candidates = [.. _near.Find(picture, windows.Near, LeastScore), .. _far.Find(picture, windows.Far, LeastScore)];
        IEnumerable<FaceCandidate> faces = Overlap.Merge(candidates)
            .Select(candidate => Check(picture, candidate))
            .OfType<FaceCandidate>()
            .Where(face => face.Width >= LeastWidth);
        return [.. Overlap.Merge(faces).OrderByDescending(face => face.Width).ThenByDescending(face => face.Score).Select(face => face.ToFace())];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }

    /// <summary>Looks at a candidate and its surroundings again, at a size that suits the network.</summary>
    /// <returns>The face as the closer look sees it, with better points; null if it sees none there.</returns>
    private FaceCandidate? Check(DecodedPicture picture, FaceCandidate candidate)
    {
        FaceCandidate? best = _near.Find(picture, [candidate.Around(CheckedShare, SearchWindows.NearPixels)], LeastSeenScore)
            .Where(seen => Overlap.OfUnion(seen, candidate) > LeastCheckedOverlap)
            .MaxBy(seen => seen.Score);
        return best?.Score >= LeastCheckedScore ? best : null;
    }
}
