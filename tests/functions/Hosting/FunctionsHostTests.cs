using System.Reflection;
using KeypointPipeline.Functions.Hosting;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;
using KeypointPipeline.Training.ContainerApps;
using KeypointPipeline.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Hosting;

public sealed class FunctionsHostTests
{
    private const string Job =
        "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.App/jobs/train-cpu";

    [Fact]
    public void Everything_that_functions_and_steps_ask_for_is_there()
    {
        var settings = new PipelineSettings(
            new StorageSettings(new Uri("https://acc.blob.core.windows.net"), null),
            new TrainingSettings(),
            TrainerJobs.Parse(Job),
            AzureCloud.Public,
            new HostFinder(Kind: null));
        using ServiceProvider services = new ServiceCollection().AddLogging().AddPipeline(settings).BuildServiceProvider();

        Assert.Equal("acc", services.GetRequiredService<PipelineStorage>().Container(BlobLayout.Datasets).AccountName);
        Assert.IsType<ContainerAppsTrainerLauncher>(services.GetRequiredService<ITrainerLauncher>());
        Type[] steps = [.. typeof(PipelineCatalog).Assembly.GetTypes().Where(IsStep)];
        Assert.Equal(PipelineCatalog.Create().Steps.Count, steps.Length);
        Assert.All(steps, step => Assert.NotNull(services.GetRequiredService(step)));
        Type[] functions = [.. typeof(FunctionsHost).Assembly.GetTypes().Where(HasFunctions)];
        Assert.NotEmpty(functions);
        Assert.All(functions, function => Assert.NotNull(ActivatorUtilities.CreateInstance(services, function)));
    }

    private static bool IsStep(Type type) =>
        !type.IsAbstract && type.BaseType is { IsGenericType: true } parent && parent.GetGenericTypeDefinition() == typeof(Step<,>);

    private static bool HasFunctions(Type type) =>
        !type.IsAbstract && type.GetMethods().Any(method => method.GetCustomAttribute<FunctionAttribute>() is not null);
}
