using KeypointPipeline.Models;
using KeypointPipeline.Serialization;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Models;

public sealed class ModelManifestTests
{
    /// <summary>As commits 685cd15 and 6e1fd0b write it.</summary>
    private const string Earlier = """
        {
          "version": "20261125-101500-3f2a9c0d",
          "schema": { "names": [ "left_eye", "right_eye", "nose" ], "frameWidth": 96, "frameHeight": 96 },
          "runId": "train-ingest-training-zip-0123456789ab",
          "datasetIds": [ "ds-0123456789abcdef" ],
          "dataFingerprint": "0123456789abcdef",
          "settings": { "epochs": 150, "seed": 1, "network": "pyramid-resnet", "batchSize": 64 },
          "training": {
            "runId": "train-ingest-training-zip-0123456789ab", "epochsTrained": 150, "validationRmse": 1.31, "trainingRows": 2601,
            "validationRows": 290, "parameters": 123456, "trainingSeconds": 600.5, "modelSha256": "00ff", "modelBytes": 4000000,
            "trainerVersion": "0.1.0"
          },
          "evaluation": {
            "validationRows": 290, "candidateRmse": 1.31, "candidateNme": 0.02,
            "championVersion": "20261124-101500-aaaaaaaa", "championRmse": 1.4
          },
          "modelSha256": "00ff",
          "modelBytes": 4000000,
          "codeVersion": "0.1.0",
          "publishedAt": "2026-11-25T10:15:00+00:00"
        }
        """;

    [Fact]
    public void A_manifest_of_an_earlier_version_is_read_and_says_that_its_error_is_of_validation_rows()
    {
        var manifest = PipelineJson.Read<ModelManifest>(Earlier);

        Assert.Equal("20261125-101500-3f2a9c0d", manifest.Version);
        Assert.Equal((1.31, 1.4, 290), (manifest.Evaluation.CandidateRmse, manifest.Evaluation.ChampionRmse, manifest.Evaluation.ValidationRows));
        Assert.Equal("1.310 px on 290 validation rows", manifest.Evaluation.DescribeCandidate());
        Assert.False(manifest.Evaluation.IsMeasured);
        Assert.Null(manifest.Decision);
    }

    [Fact]
    public void A_champion_of_an_earlier_version_is_compared_on_test_rows_like_any_other()
    {
        var champion = PipelineJson.Read<ModelManifest>(Earlier);
        ModelManifest candidate = champion with { Version = "20261126-101500-bbbbbbbb" };
        ModelManifest changed = candidate with { DataFingerprint = "fedcba9876543210", DatasetIds = ["ds-0123456789abcdef", "ds-1"] };
        var comparison = new ModelComparison(
            145, 1.25, null, champion.Version, 1.4, TestRows: 145, TestComponents: 145, Ratio: new ErrorRatio(0.893, 0.85, 0.94));

        Assert.Equal((true, PromotionCase.SameRows), Outcome(candidate));
        Assert.Equal((true, PromotionCase.ChangedRows), Outcome(changed));

        (bool, PromotionCase?) Outcome(ModelManifest model)
        {
            PromotionDecision decision = PromotionRule.Decide(model, champion, comparison);
            return (decision.Promote, decision.Case);
        }
    }

    [Fact]
    public void A_manifest_keeps_rule_and_figures_when_it_is_written_and_read()
    {
        var comparison = new ModelComparison(
            145, 1.25, null, "v1", 1.4, TestRows: 145, TestComponents: 20, Ratio: new ErrorRatio(0.893, 0.85, 0.94));
        ModelManifest manifest = ModelExamples.Manifest("v2", [1], comparison: comparison) with
        {
            Decision = new PromotionDecision(true, "better at 95 %", PromotionCase.SameRows),
        };

        string json = PipelineJson.Write(manifest);
        var read = PipelineJson.Read<ModelManifest>(json);

        Assert.Contains("\"case\":\"sameRows\"", json, StringComparison.Ordinal);
        Assert.Equal((comparison, manifest.Decision), (read.Evaluation, read.Decision));
    }
}
