using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats;

/// <summary>Applies mirror pairs that a person or a file states.</summary>
internal static class StatedMirror
{
    /// <summary>Returns the stated pairs; null if nothing is stated.</summary>
    /// <exception cref="RejectedFileException">They do not fit the keypoints.</exception>
    public static MirrorPairs? Apply(MirrorStatement? stated, IReadOnlyList<string> keypoints)
    {
        try
        {
            return stated?.Apply(keypoints);
        }
        catch (FormatException e)
        {
            throw new RejectedFileException(ShownText.Of(e.Message, longest: 1000), e);
        }
    }
}
