namespace KeypointPipeline.Images;

/// <summary>An image cannot be used, and a retry does not help. The message is the reason that <c>errors.csv</c> gives to the image's
/// owner.</summary>
public sealed class ImageRejectedException : Exception
{
    /// <summary>Creates an exception with a reason.</summary>
    /// <param name="message">The reason, without the image's name.</param>
    /// <param name="innerException">The exception that caused this one, or null.</param>
    public ImageRejectedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
