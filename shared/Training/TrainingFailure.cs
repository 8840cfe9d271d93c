using System.Security.Cryptography;
using System.Text;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Training;

/// <summary>Content of <c>runs/failures/{hash}.json</c>: a training that failed because of its data and settings, so that another one would
/// fail in the same way. Planning skips such a training unless it is forced.</summary>
/// <param name="RunId">The run that failed.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="DataFingerprint">The data, as in <see cref="TrainingRequest"/>.</param>
/// <param name="Settings">The settings.</param>
/// <param name="CodeVersion">Version of the pipeline. Another version may not fail.</param>
public sealed record TrainingFailure(
    string RunId, string Error, string DataFingerprint, TrainingSettings Settings, string CodeVersion)
{
    /// <summary>Computes the blob's name in <c>runs</c> from data and settings.</summary>
    internal static string BlobName(string dataFingerprint, TrainingSettings settings)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{dataFingerprint}\n{PipelineJson.Write(settings)}"));
        return $"failures/{Convert.ToHexStringLower(hash)[..16]}.json";
    }
}
