namespace KeypointPipeline.Local.Machine;

/// <summary>Creates environment variables for third-party programs that may talk to a server on this machine, which a proxy cannot
/// reach. The user's own exceptions from the proxy stay.</summary>
internal static class NoProxyVariables
{
    private const string Loopback = "localhost,127.0.0.1,::1";

    /// <summary>The two spellings that programs read.</summary>
    private static readonly string[] Names = ["no_proxy", "NO_PROXY"];

    /// <summary>Gets variables with the user's exceptions and loopback.</summary>
    /// <param name="find">Gets the value of a variable, or null.</param>
    public static Dictionary<string, string> WithLoopback(Func<string, string?> find)
    {
        string[] exceptions = [.. Names.Select(find).OfType<string>().Where(value => value.Length > 0).Take(1), Loopback];
        return Names.ToDictionary(name => name, _ => string.Join(',', exceptions), StringComparer.Ordinal);
    }
}
