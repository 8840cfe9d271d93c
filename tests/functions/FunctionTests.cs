using System.Reflection;
using System.Text.RegularExpressions;
using KeypointPipeline.Api;
using KeypointPipeline.Functions.Activities;
using KeypointPipeline.Functions.Hosting;
using KeypointPipeline.Functions.Orchestrators;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Port;
using KeypointPipeline.TestSupport.OpenApi;
using KeypointPipeline.Workflows;
using Microsoft.Azure.Functions.Worker;
using Xunit;

namespace KeypointPipeline.Functions.Tests;

/// <summary>Every function with its trigger: what the host is told about the app.</summary>
public sealed class FunctionTests
{
    private static readonly Dictionary<string, MethodInfo> Functions = typeof(PipelineSettings).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)
        .ToDictionary(method => method.GetCustomAttribute<FunctionAttribute>()!.Name);

    [Fact]
    public void Each_endpoint_is_a_function_of_its_name_with_its_method_and_address_and_nothing_else_is()
    {
        Assert.Equal(
            ApiRoute.All.Select(route => $"{route.FunctionName}: {string.Join(',', route.Methods)} {route.Pattern}"),
            Named<HttpTriggerAttribute>().Select(name => $"{name}: {Address(Trigger<HttpTriggerAttribute>(name))}"));

        static string Address(HttpTriggerAttribute trigger) => $"{string.Join(',', trigger.Methods!)} /api/{trigger.Route}";
    }

    [Fact]
    public void OpenApi_describes_every_function_with_an_address_and_no_other() => Assert.Equal(
        Named<HttpTriggerAttribute>().Select(Trigger<HttpTriggerAttribute>)
            .Select(trigger => $"{trigger.Methods![0].ToUpperInvariant()} /api/{trigger.Route!.Replace("{*", "{", StringComparison.Ordinal)}")
            .Order(StringComparer.Ordinal),
        DescribedApi.Operations.Where(operation => operation.Contains(" /api/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_endpoint_asks_for_a_function_key_unless_it_holds_no_data() => Assert.All(
        ApiRoute.All,
        route => Assert.Equal(
            route.NeedsNoKey ? AuthorizationLevel.Anonymous : AuthorizationLevel.Function, Trigger<HttpTriggerAttribute>(route.FunctionName).AuthLevel));

    [Fact]
    public void The_values_in_an_address_are_parameters_of_their_names() => Assert.All(
        ApiRoute.All.Where(route => route.Placeholders.Count > 0),
        route => Assert.Subset(Functions[route.FunctionName].GetParameters().Select(p => p.Name).ToHashSet(), route.Placeholders.ToHashSet<string?>()));

    [Theory]
    [InlineData("DatasetDropped", "datasets/{name}")]
    [InlineData("ImagesDropped", "images/{name}")]
    public void Drops_come_by_Event_Grid_from_the_data_account(string name, string path)
    {
        var trigger = Trigger<BlobTriggerAttribute>(name);

        Assert.Equal((path, BlobTriggerSource.EventGrid, "KeypointStorage"), (trigger.BlobPath, trigger.Source, trigger.Connection));
    }

    /// <summary>A wrong name in a webhook's address is answered 202, and the event is gone (azure-functions-host#8802).</summary>
    [Fact]
    public void Each_event_subscription_names_a_function_that_exists()
    {
        string template = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "infra", "event-subscriptions.bicep"));

        Assert.Contains("functionName=Host.Functions.${drop.function}&", template, StringComparison.Ordinal);
        Assert.Equal(
            Named<BlobTriggerAttribute>(),
            Regex.Matches(template, @"\bfunction: '(?<name>\w+)'", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Poisoned_blobs_come_from_the_hosts_queue_in_the_data_account()
    {
        var trigger = Trigger<QueueTriggerAttribute>("BlobPoisoned");

        Assert.Equal(("webjobs-blobtrigger-poison", "KeypointStorage"), (trigger.QueueName, trigger.Connection));
    }

    [Theory]
    [InlineData("RetrainOnSchedule", "%RETRAIN_SCHEDULE%")]
    [InlineData("Reconcile", "%RECONCILE_SCHEDULE%")]
    [InlineData("CleanUpTerminated", "0 * * * * *")]
    [InlineData("PurgeOldHistory", "0 30 1 * * *")]
    public void A_timer_has_its_schedule(string name, string schedule) =>
        Assert.Equal(schedule, Trigger<TimerTriggerAttribute>(name).Schedule);

    [Fact]
    public void Each_workflow_has_an_orchestrator_function_of_its_name_and_nothing_else_has() =>
        AssertFunctions<OrchestrationTriggerAttribute>(PipelineCatalog.Create().Workflows.Keys, typeof(PipelineOrchestrators));

    /// <summary>Except the clean-up after a termination. No workflow calls it: Durable runs no code of a terminated orchestration, so
    /// the housekeeping timer runs the step itself.</summary>
    [Fact]
    public void Each_step_that_workflows_call_has_an_activity_function_of_its_name_and_nothing_else_has()
    {
        WorkflowCatalog catalog = PipelineCatalog.Create();
        IEnumerable<string> afterTermination = catalog.Workflows.Values.Select(workflow => workflow.OnTerminated).OfType<string>();

        AssertFunctions<ActivityTriggerAttribute>(catalog.Steps.Keys.Except(afterTermination), typeof(PipelineActivities));
    }

    [Fact]
    public void No_function_is_left_out_of_these_tests() => Assert.Equal(
        ApiRoute.All.Count + 2 + 1 + 4 + Named<OrchestrationTriggerAttribute>().Count() + Named<ActivityTriggerAttribute>().Count(),
        Functions.Count);

    private static T Trigger<T>(string name)
        where T : Attribute =>
        Assert.Single(Functions[name].GetParameters().Select(parameter => parameter.GetCustomAttribute<T>()).OfType<T>());

    /// <summary>Functions need attributes at compile time, so they are written by hand, one method each.</summary>
    private static void AssertFunctions<T>(IEnumerable<string> expected, Type place)
        where T : Attribute
    {
        string[] names = [.. expected];
        Assert.NotEmpty(names);
        string[] missing = [.. names.Except(Named<T>())];
        Assert.True(missing.Length == 0, $"{place.Name} has no function for: {string.Join(", ", missing)}. Add a method for each.");
        string[] surplus = [.. Named<T>().Except(names)];
        Assert.True(surplus.Length == 0, $"{place.Name} has functions for what does not exist: {string.Join(", ", surplus)}.");
    }

    private static IEnumerable<string> Named<T>()
        where T : Attribute =>
        Functions.Where(function => function.Value.GetParameters().Any(parameter => parameter.GetCustomAttribute<T>() is not null))
            .Select(function => function.Key)
            .Order(StringComparer.Ordinal);
}
