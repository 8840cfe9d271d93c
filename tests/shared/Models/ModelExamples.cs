using System.Security.Cryptography;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Training;

namespace KeypointPipeline.Shared.Tests.Models;

/// <summary>Manifests for files that tests make up.</summary>
internal static class ModelExamples
{
    public static readonly KeypointSchema Schema = new(["left_eye", "right_eye", "nose"], 96, 96);

    public static ModelManifest Manifest(
        string version, byte[] model, string fingerprint = "f1", ModelComparison? comparison = null, KeypointSchema? schema = null)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(model));
        return new ModelManifest(
            version,
            schema ?? Schema,
            $"run-{version}",
            ["ds-1"],
            fingerprint,
            new TrainingSettings(),
            new TrainingResult($"run-{version}", 40, 1.5, 90, 10, 1000, 60, hash, model.Length, "1.0"),
            comparison ?? new ModelComparison(10, 1.5, null, null, null),
            hash,
            model.Length,
            "1.0",
            DateTimeOffset.UnixEpoch);
    }
}
