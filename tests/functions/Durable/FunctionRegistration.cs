using System.Reflection;
using System.Text.Json;
using KeypointPipeline.Functions.Activities;
using KeypointPipeline.Functions.Orchestrators;
using KeypointPipeline.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace KeypointPipeline.Functions.Tests.Durable;

/// <summary>The app's own orchestrator and activity functions on the in-process engine, under their function names.</summary>
internal static class FunctionRegistration
{
    public static void Register(DurableTaskRegistry registry, Func<IServiceProvider> services)
    {
        foreach (MethodInfo method in Functions(typeof(PipelineOrchestrators)))
        {
            registry.AddOrchestratorFunc<JsonElement, JsonElement>(
                Name(method), (context, input) => CallAsync(method, null, [context, Read(input, method.GetParameters()[1])]));
        }

        foreach (MethodInfo method in Functions(typeof(PipelineActivities)))
        {
            registry.AddActivityFunc<JsonElement, JsonElement>(Name(method), (_, input) => CallAsync(
                method, new PipelineActivities(services()), [Read(input, method.GetParameters()[0]), CancellationToken.None]));
        }
    }

    private static IEnumerable<MethodInfo> Functions(Type type) =>
        type.GetMethods().Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null);

    private static string Name(MethodInfo method) => method.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static object? Read(JsonElement input, ParameterInfo parameter) =>
        input.Deserialize(parameter.ParameterType, PipelineJson.Compact);

    private static async Task<JsonElement> CallAsync(MethodInfo method, object? target, object?[] arguments)
    {
        var task = (Task)method.Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null)!;
        await task;
        PropertyInfo result = task.GetType().GetProperty(nameof(Task<>.Result))!;
        return JsonSerializer.SerializeToElement(result.GetValue(task), result.PropertyType, PipelineJson.Compact);
    }
}
