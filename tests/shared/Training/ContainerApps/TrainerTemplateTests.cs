using System.Text.Json.Nodes;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Training;
using KeypointPipeline.Training.ContainerApps;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Training.ContainerApps;

public sealed class TrainerTemplateTests
{
    [Fact]
    public void The_whole_template_is_sent_again_with_the_trainers_arguments_and_trace()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        JsonObject template = TrainerTemplate.Create(FakeJob.Template(), "run-7", trace);

        JsonNode expected = JsonNode.Parse($$"""
            {
              "containers": [
                {
                  "name": "trainer",
                  "image": "registry.azurecr.io/keypoint-trainer:1.0-cuda",
                  "args": ["run", "--run-id", "run-7"],
                  "env": [
                    { "name": "KEYPOINTS_STORAGE_URI", "value": "https://data.blob.core.windows.net" },
                    { "name": "APPLICATIONINSIGHTS_CONNECTION_STRING", "secretRef": "insights" },
                    { "name": "TRACEPARENT", "value": "{{trace}}" }
                  ],
                  "resources": { "cpu": 8, "memory": "56Gi" }
                },
                { "name": "beside", "image": "beside:1", "args": ["--quiet"] }
              ],
              "initContainers": [{ "name": "first", "image": "first:1" }]
            }
            """)!;
        Assert.True(JsonNode.DeepEquals(expected, template), template.ToJsonString());
    }

    [Fact]
    public void The_deployment_sets_only_variables_that_the_trainer_reads()
    {
        string[] read = [.. typeof(TrainerVariables).GetFields().Select(field => (string)field.GetRawConstantValue()!)];
        string[] set =
        [
            .. from line in File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "infra", "modules", "trainer-job.bicep"))
               let text = line.Trim()
               where text.StartsWith("{ name: '", StringComparison.Ordinal)
               select text.Split('\'')[1],
        ];

        Assert.Contains(TrainerVariables.StorageUri, set);
        Assert.Empty(set.Except(read));
    }

    [Fact]
    public void A_job_without_a_container_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => TrainerTemplate.Create([], "run", traceParent: null));
    }
}
