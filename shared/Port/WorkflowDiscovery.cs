using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace KeypointPipeline.Port;

/// <summary>Finds steps and workflows by their base types, so that adding one is adding a file.</summary>
public static class WorkflowDiscovery
{
    private const string RefProperty = "Ref";

    /// <summary>The steps among some types.</summary>
    public static IReadOnlyList<Type> FindSteps(IEnumerable<Type> types) => [.. types.Where(type => FindBase(type, typeof(Step<,>)) is not null)];

    /// <summary>Makes a catalog of the steps and workflows among some types. Steps come from the service provider; workflows are
    /// created anew for each run.</summary>
    /// <exception cref="InvalidOperationException">A step or workflow has no <c>Ref</c> of its types, two have the same name, or a
    /// workflow's clean-up step is not among the types. The message names them.</exception>
    public static WorkflowCatalog CreateCatalog(IEnumerable<Type> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        var finding = new Finding();
        foreach (Type type in types)
        {
            if (FindBase(type, typeof(Step<,>)) is Type step)
                finding.Add(nameof(Finding.AddStep), type, step.GetGenericArguments());
            else if (FindBase(type, typeof(Workflow<,>)) is Type workflow)
                finding.Add(nameof(Finding.AddWorkflow), type, workflow.GetGenericArguments());
        }

        finding.CheckCleanUps();
        return finding.Catalog;
    }

    private static Type? FindBase(Type type, Type generic)
    {
        if (type.IsAbstract || type.ContainsGenericParameters)
            return null;
        Type? candidate = type.BaseType;
        while (candidate is not null && !(candidate.IsGenericType && candidate.GetGenericTypeDefinition() == generic))
            candidate = candidate.BaseType;
        return candidate;
    }

    private sealed class Finding
    {
        private readonly Dictionary<string, Type> _byName = new(StringComparer.Ordinal);

        public WorkflowCatalog Catalog { get; } = new();

        public void Add(string method, Type type, Type[] inputAndOutput) =>
            typeof(Finding).GetMethod(method)!.MakeGenericMethod([type, .. inputAndOutput])
                .Invoke(this, BindingFlags.DoNotWrapExceptions, binder: null, parameters: null, culture: null);

        public void AddStep<TStep, TInput, TOutput>()
            where TStep : Step<TInput, TOutput>
        {
            var reference = ReadRef<StepRef<TInput, TOutput>>(typeof(TStep));
            Claim(reference.Name, typeof(TStep));
            Catalog.Add(reference, services => services.GetRequiredService<TStep>());
        }

        public void AddWorkflow<TWorkflow, TInput, TOutput>()
            where TWorkflow : Workflow<TInput, TOutput>
        {
            if (typeof(TWorkflow).GetConstructor(Type.EmptyTypes) is null)
                throw new InvalidOperationException($"{typeof(TWorkflow).Name} has no public constructor without parameters: a workflow uses only its context.");
            var reference = ReadRef<WorkflowRef<TInput, TOutput>>(typeof(TWorkflow));
            Claim(reference.Name, typeof(TWorkflow));
            Catalog.Add(reference, _ => Activator.CreateInstance<TWorkflow>());
        }

        public void CheckCleanUps()
        {
            if (Catalog.Workflows.Values.FirstOrDefault(w => w.OnTerminated is string step && !Catalog.Steps.ContainsKey(step)) is { } workflow)
                throw new InvalidOperationException($"{_byName[workflow.Name].Name} cleans up with the step '{workflow.OnTerminated}', which does not exist.");
        }

        private static TRef ReadRef<TRef>(Type type) =>
            type.GetProperty(RefProperty, BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)?.GetValue(null) is TRef reference
                ? reference
                : throw new InvalidOperationException($"{type.Name} has no public static property '{RefProperty}' of type {Describe(typeof(TRef))}.");

        private static string Describe(Type type) =>
            $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(argument => argument.Name))}>";

        private void Claim(string name, Type type)
        {
            if (!_byName.TryAdd(name, type))
                throw new InvalidOperationException($"{_byName[name].Name} and {type.Name} are both named '{name}': give one of them another name.");
        }
    }
}
