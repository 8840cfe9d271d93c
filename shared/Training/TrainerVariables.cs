namespace KeypointPipeline.Training;

/// <summary>The environment variables that the trainer reads.</summary>
public static class TrainerVariables
{
    /// <summary>A storage connection string, for a local storage server.</summary>
    public const string Storage = "KEYPOINTS_STORAGE";

    /// <summary>The blob endpoint of a storage account, which is opened with the identity of the process.</summary>
    public const string StorageUri = "KEYPOINTS_STORAGE_URI";

    /// <summary>The device to train on: <c>auto</c> (the default), <c>cpu</c> or <c>cuda</c>.</summary>
    public const string Device = "KEYPOINTS_DEVICE";

    /// <summary>The precision of convolutions: <c>auto</c> (the default), <c>float32</c> or <c>bfloat16</c>.</summary>
    public const string Precision = "KEYPOINTS_PRECISION";

    /// <summary>The memory that a training may use: a size such as <c>12GB</c>, <c>auto</c> (the default: what is available) or <c>any</c>.</summary>
    public const string Memory = "KEYPOINTS_MEMORY";

    /// <summary>The trace to continue, as W3C Trace Context's <c>traceparent</c>. See <see cref="TraceParent"/>.</summary>
    public const string TraceParent = "TRACEPARENT";

    /// <summary>The Application Insights resource that receives traces. Azure defines the name.</summary>
    public const string Insights = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>The managed identity of the process. Azure defines the name.</summary>
    public const string ClientId = "AZURE_CLIENT_ID";

    /// <summary>The address where that identity signs in, which differs between clouds. Azure.Identity reads it and defines the name.</summary>
    public const string AuthorityHost = "AZURE_AUTHORITY_HOST";

    /// <summary>The program that the user called, if it started the trainer on the user's behalf. Messages name this program, because
    /// the user may not have the trainer itself at hand.</summary>
    public const string CalledAs = "KEYPOINTS_CALLED_AS";
}
