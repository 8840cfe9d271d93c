using KeypointPipeline.Images;

namespace KeypointPipeline.Finding;

/// <summary>Finds nothing: instances are where boxes state it (<see cref="FinderKind.Boxes"/>), and pictures without boxes are predicted whole
/// (<see cref="FinderKind.Whole"/>).</summary>
/// <param name="kind">Whether boxes are expected. Then the result of a picture without them says so.</param>
public sealed class StatedPlaces(FinderKind kind) : IInstanceFinder
{
    /// <inheritdoc/>
    public FinderKind Kind => kind;

    /// <inheritdoc/>
    public double? Finest(int width, int height) => null;

    /// <inheritdoc/>
    public IReadOnlyList<InstancePlace> Find(DecodedPicture picture) => [];
}
