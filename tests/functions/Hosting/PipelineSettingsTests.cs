using KeypointPipeline.Finding;
using KeypointPipeline.Functions.Hosting;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Hosting;

public sealed class PipelineSettingsTests
{
    private const string Job =
        "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.App/jobs/trainer-t4";

    [Fact]
    public void Settings_of_a_deployed_app_are_read()
    {
        PipelineSettings settings = Read(Deployed());

        Assert.Equal(new Uri("https://acc.blob.core.windows.net"), settings.Storage.BlobService);
        Assert.Equal(Job, Assert.Single(settings.Jobs.Ids).ToString());
        Assert.Equal((12, "ml-resnet-small"), (settings.Training.Epochs, settings.Training.Network));
        Assert.Equal(FinderKind.Boxes, settings.Finder.Kind);
        Assert.Equal(new Uri("https://management.usgovcloudapi.net/"), settings.Cloud.ResourceManager);
    }

    [Fact]
    public void A_connection_string_is_enough_on_a_developers_machine_and_is_never_shown()
    {
        Dictionary<string, string?> values = Deployed();
        values.Remove("KeypointStorage:blobServiceUri");
        values.Remove("KeypointStorage:queueServiceUri");
        values["KeypointStorage"] = "UseDevelopmentStorage=true;Secret=1";

        PipelineSettings settings = Read(values);

        Assert.Null(settings.Storage.BlobService);
        Assert.DoesNotContain("Secret", settings.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KeypointStorage:blobServiceUri", null, "KeypointStorage__blobServiceUri is missing")]
    [InlineData("KeypointStorage:queueServiceUri", null, "KeypointStorage__queueServiceUri is missing")]
    [InlineData("KeypointStorage:blobServiceUri", "acc", "KeypointStorage__blobServiceUri='acc' is not an endpoint")]
    [InlineData("RETRAIN_SCHEDULE", null, "RETRAIN_SCHEDULE is missing")]
    [InlineData("RETRAIN_SCHEDULE", "0 3 * * *", "RETRAIN_SCHEDULE='0 3 * * *' is not a schedule")]
    [InlineData("RETRAIN_SCHEDULE", "daily", "RETRAIN_SCHEDULE='daily' is not a schedule")]
    [InlineData("RECONCILE_SCHEDULE", "*/10 * * * *", "RECONCILE_SCHEDULE='*/10 * * * *' is not a schedule")]
    [InlineData("TRAINING_EPOCHS", "many", "TRAINING_EPOCHS='many' is not a whole number")]
    [InlineData("TRAINING_EPOCHS", "0", "TRAINING_EPOCHS")]
    [InlineData("FINDER", "noses", "FINDER='noses' is not a finder: expected whole, boxes or faces")]
    [InlineData("TRAINER_JOBS", null, "TRAINER_JOBS is empty")]
    [InlineData("TRAINER_JOBS", "trainer", "TRAINER_JOBS names 'trainer'")]
    [InlineData("AZURE_RESOURCE_MANAGER_ENDPOINT", "management", "AZURE_RESOURCE_MANAGER_ENDPOINT='management' is not the address")]
    public void A_wrong_setting_is_named_with_what_was_expected(string name, string? value, string message)
    {
        Dictionary<string, string?> values = Deployed();
        values[name] = value;

        var error = Assert.Throws<InvalidSettingsException>(() => Read(values));

        Assert.Contains(message, Assert.Single(error.Problems), StringComparison.Ordinal);
    }

    /// <summary>Code that is newer than the app's settings: its other functions must work.</summary>
    [Fact]
    public void Without_a_schedule_for_lost_events_the_app_starts_and_says_what_to_do()
    {
        Dictionary<string, string?> values = Deployed();
        Assert.Null(Read(values).Warning);
        values.Remove("RECONCILE_SCHEDULE");

        Assert.Contains("Run 'azd provision'", Read(values).Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void All_wrong_settings_are_named_at_once()
    {
        var error = Assert.Throws<InvalidSettingsException>(() => Read([]));

        Assert.Equal(3, error.Problems.Count);
        Assert.All(error.Problems, problem => Assert.Contains(problem, error.Message, StringComparison.Ordinal));
    }

    private static PipelineSettings Read(Dictionary<string, string?> values) =>
        PipelineSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());

    private static Dictionary<string, string?> Deployed() => new()
    {
        ["KeypointStorage:blobServiceUri"] = "https://acc.blob.core.windows.net",
        ["KeypointStorage:queueServiceUri"] = "https://acc.queue.core.windows.net",
        ["RETRAIN_SCHEDULE"] = "0 0 3 * * *",
        ["RECONCILE_SCHEDULE"] = "0 */10 * * * *",
        ["TRAINER_JOBS"] = Job,
        ["AZURE_RESOURCE_MANAGER_ENDPOINT"] = "https://management.usgovcloudapi.net/",
        ["TRAINING_EPOCHS"] = "12",
        ["TRAINING_NETWORK"] = "ml-resnet-small",
        ["FINDER"] = "boxes",
    };
}
