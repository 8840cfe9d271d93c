namespace KeypointPipeline.WorkflowSuite.Replay;

/// <summary>What a workflow must not call, because another run would get another answer, or none that is recorded.</summary>
internal static class ForbiddenMembers
{
    /// <summary>Types by full name with the members that are forbidden; none means all.</summary>
    private static readonly Dictionary<string, string[]> Types = new(StringComparer.Ordinal)
    {
        ["System.DateTime"] = ["get_Now", "get_UtcNow", "get_Today"],
        ["System.DateTimeOffset"] = ["get_Now", "get_UtcNow"],
        ["System.TimeProvider"] = [],
        ["System.Diagnostics.Stopwatch"] = [],
        ["System.Guid"] = ["NewGuid", "CreateVersion7"],
        ["System.Random"] = [],
        ["System.Security.Cryptography.RandomNumberGenerator"] = [],
        ["System.Threading.Tasks.Task"] = ["Delay", "Run", "ConfigureAwait", "Wait", "WaitAll", "WaitAny", "get_Factory", "ContinueWith"],
        ["System.Threading.Tasks.Task`1"] = ["ConfigureAwait", "Wait", "ContinueWith", "get_Factory"],
        ["System.Threading.Tasks.ValueTask"] = ["ConfigureAwait"],
        ["System.Threading.Tasks.ValueTask`1"] = ["ConfigureAwait"],
        ["System.Threading.Tasks.TaskFactory"] = [],
        ["System.Threading.Tasks.Parallel"] = [],
        ["System.Threading.Thread"] = [],
        ["System.Threading.ThreadPool"] = [],
        ["System.Threading.Timer"] = [],
        ["System.Threading.PeriodicTimer"] = [],
        ["System.Threading.SemaphoreSlim"] = [],
        ["System.Console"] = [],
        ["System.Diagnostics.Process"] = [],
    };

    /// <summary>Whole namespaces, but for their exceptions.</summary>
    private static readonly string[] Namespaces = ["System.IO.", "System.Net.", "Azure.", "Microsoft.Data.", "Microsoft.ML."];

    /// <summary>Whether a member is forbidden.</summary>
    /// <param name="type">Its type's full name, without type arguments.</param>
    /// <param name="member">Its name in metadata.</param>
    public static bool Contains(string type, string member)
    {
        // Compilers put the thread's number into iterators.
        if (type == "System.Environment")
            return member != "get_CurrentManagedThreadId";
        if (Types.TryGetValue(type, out string[]? members))
            return members.Length == 0 || members.Contains(member, StringComparer.Ordinal);
        return !type.EndsWith("Exception", StringComparison.Ordinal)
            && Namespaces.Any(space => type.StartsWith(space, StringComparison.Ordinal));
    }
}
