using KeypointPipeline.Images;

namespace KeypointPipeline.Finding;

/// <summary>Finds the instances of pictures of which nobody states where they are. Several threads can call it at once.</summary>
public interface IInstanceFinder
{
    /// <summary>What kind of finder it is.</summary>
    FinderKind Kind { get; }

    /// <summary>Returns how fine the pixels must be that it looks at.</summary>
    /// <param name="width">Width of the upright picture in pixels.</param>
    /// <param name="height">Height of the upright picture in pixels.</param>
    /// <returns>Picture pixels per decoded pixel, more than 0. Null if it looks at none: it finds nothing.</returns>
    double? Finest(int width, int height);

    /// <summary>Finds the instances of a picture. The same pixels always give the same instances.</summary>
    /// <param name="picture">The picture, decoded at <see cref="Finest"/>.</param>
    /// <returns>The places in any order, each with its frame (<see cref="InstancePlace.Frame"/>). Empty if there are none.</returns>
    IReadOnlyList<InstancePlace> Find(DecodedPicture picture);
}
