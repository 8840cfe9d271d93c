namespace KeypointPipeline.Finding;

/// <summary>The networks that find faces cannot be used. The message says what to do.</summary>
public sealed class FaceNetworksMissingException : Exception
{
    internal FaceNetworksMissingException(string file, Exception innerException)
        : base(
            $"The face finder's network {file} cannot be used: {innerException.Message} The build puts it there: build or publish the program again. "
            + "Without it, state a box for each face, or use the finder `whole`.",
            innerException)
    {
    }
}
