using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using KeypointPipeline.Port;

namespace KeypointPipeline.WorkflowSuite.Replay;

/// <summary>Reads the compiled code of workflow classes for calls that a workflow must not make: clocks, random numbers, I/O,
/// threads, tasks of its own. Follows calls within the assembly, and into state machines and lambdas.</summary>
public sealed class WorkflowCode
{
    private readonly MetadataReader _metadata;
    private readonly PEReader _file;
    private readonly HashSet<MethodDefinitionHandle> _seen = [];
    private readonly Queue<(MethodDefinitionHandle Method, string Via)> _left = new();
    private readonly SortedSet<string> _findings = new(StringComparer.Ordinal);

    private WorkflowCode(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
    }

    /// <summary>All workflow classes of an assembly that can be created.</summary>
    public static IReadOnlyList<Type> In(Assembly assembly) =>
        [.. assembly.GetTypes().Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false } && IsWorkflow(type))];

    /// <summary>What a workflow class calls, itself or through others of its assembly, that it must not: "Class.Method calls
    /// Type.Member" by name.</summary>
    public static IReadOnlyCollection<string> ForbiddenCalls(Type workflow)
    {
        using var stream = File.OpenRead(workflow.Assembly.Location);
        using var file = new PEReader(stream);
        var code = new WorkflowCode(file);
        code.EnqueueType((TypeDefinitionHandle)MetadataTokens.EntityHandle(workflow.MetadataToken), workflow.Name);
        code.FollowCalls();
        return code._findings;
    }

    private static bool IsWorkflow(Type type)
    {
        for (Type? t = type.BaseType; t is not null; t = t.BaseType)
        {
            if (t.IsGenericType && t.GetGenericTypeDefinition() == typeof(Workflow<,>))
                return true;
        }

        return false;
    }

    private void EnqueueType(TypeDefinitionHandle handle, string via)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        foreach (MethodDefinitionHandle method in type.GetMethods())
            Enqueue(method, via);
        foreach (TypeDefinitionHandle nested in type.GetNestedTypes())
            EnqueueType(nested, via);
    }

    private void Enqueue(MethodDefinitionHandle handle, string via)
    {
        if (!_seen.Add(handle))
            return;
        _left.Enqueue((handle, via));

        // An async method or iterator only starts its state machine, a nested type that is named after it.
        MethodDefinition method = _metadata.GetMethodDefinition(handle);
        string prefix = $"<{_metadata.GetString(method.Name)}>";
        foreach (TypeDefinitionHandle nested in _metadata.GetTypeDefinition(method.GetDeclaringType()).GetNestedTypes())
        {
            if (_metadata.GetString(_metadata.GetTypeDefinition(nested).Name).StartsWith(prefix, StringComparison.Ordinal))
                EnqueueType(nested, via);
        }
    }

    private void FollowCalls()
    {
        while (_left.TryDequeue(out (MethodDefinitionHandle Method, string Via) next))
        {
            MethodDefinition method = _metadata.GetMethodDefinition(next.Method);
            if (method.RelativeVirtualAddress == 0)
                continue;
            MethodBodyBlock body = _file.GetMethodBody(method.RelativeVirtualAddress);
            foreach (EntityHandle token in IlTokens.Methods(body.GetILBytes()!))
                Follow(token, next.Via);
        }
    }

    private void Follow(EntityHandle token, string via)
    {
        switch (token.Kind)
        {
            case HandleKind.MethodSpecification:
                Follow(_metadata.GetMethodSpecification((MethodSpecificationHandle)token).Method, via);
                break;
            case HandleKind.MethodDefinition:
                var handle = (MethodDefinitionHandle)token;
                MethodDefinition method = _metadata.GetMethodDefinition(handle);
                TypeDefinition type = _metadata.GetTypeDefinition(method.GetDeclaringType());
                string own = _metadata.GetString(type.Name);
                Enqueue(handle, own.StartsWith('<') ? via : $"{via} → {own}.{_metadata.GetString(method.Name)}");
                break;
            case HandleKind.MemberReference:
                MemberReference member = _metadata.GetMemberReference((MemberReferenceHandle)token);
                string name = _metadata.GetString(member.Name);
                string declaring = TypeName(member.Parent);
                if (ForbiddenMembers.Contains(declaring, name))
                    _findings.Add($"{via} calls {declaring}.{name}");
                break;
        }
    }

    /// <summary>Namespace and name, without type arguments; empty for what is not a named type.</summary>
    private string TypeName(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeReference:
                TypeReference reference = _metadata.GetTypeReference((TypeReferenceHandle)handle);
                string outer = reference.ResolutionScope.Kind == HandleKind.TypeReference ? TypeName(reference.ResolutionScope) + "." : "";
                string space = _metadata.GetString(reference.Namespace);
                return $"{outer}{(space.Length > 0 ? space + "." : "")}{_metadata.GetString(reference.Name)}";
            case HandleKind.TypeSpecification:
                // GENERICINST (0x15), then class or value type, then the generic type's coded index.
                BlobReader signature = _metadata.GetBlobReader(_metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
                if (signature.ReadByte() != 0x15)
                    return "";
                signature.ReadByte();
                return TypeName(signature.ReadTypeHandle());
            default:
                return "";
        }
    }
}
