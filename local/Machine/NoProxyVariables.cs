namespace KeypointPipeline.Local.Machine;

/// <summary>Variables for other people's programs that may talk to a server on this machine: a proxy for the world outside cannot reach
/// it. What the user says about proxies stays.</summary>
internal static class NoProxyVariables
{
    private const string Loopback = "localhost,127.0.0.1,::1";

    /// <summary>The two spellings that programs read.</summary>
    private static readonly string[] Names = ["no_proxy", "NO_PROXY"];

    /// <summary>The user's exceptions and loopback.</summary>
    /// <param name="find">Gives a variable's value, or null.</param>
    public static Dictionary<string, string> WithLoopback(Func<string, string?> find)
    {
        string[] exceptions = [.. Names.Select(find).OfType<string>().Where(value => value.Length > 0).Take(1), Loopback];
        return Names.ToDictionary(name => name, _ => string.Join(',', exceptions), StringComparer.Ordinal);
    }
}
