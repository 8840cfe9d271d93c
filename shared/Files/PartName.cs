namespace KeypointPipeline.Files;

/// <summary>Names of the parts of a file that is stored in several.</summary>
internal static class PartName
{
    /// <summary>Returns the name of a part: <c>keypoints-00000.csv</c> is the first part of <c>keypoints.csv</c>.</summary>
    /// <param name="file">Name of the whole file.</param>
    /// <param name="number">The part's number, from 0.</param>
    public static string Of(string file, int number) => $"{Path.GetFileNameWithoutExtension(file)}-{number:00000}{Path.GetExtension(file)}";
}
