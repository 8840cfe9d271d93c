namespace KeypointPipeline.Images;

/// <summary>One image cannot be used, and trying again will not help: the message is the reason that stands in
/// <c>errors.csv</c>, written for the image's owner.</summary>
public sealed class ImageRejectedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The reason, without the image's name.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public ImageRejectedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
