using System.Collections;

namespace KeypointPipeline.Local.Machine;

/// <summary>Creates the environment for npm. npm also reads each setting from a variable <c>npm_config_…</c>, which overrides the
/// <c>.npmrc</c> of a folder. A CI system or a surrounding <c>npm run</c> may set any of them.</summary>
internal static class NpmEnvironment
{
    private const string Prefix = "npm_config_";

    /// <summary>Settings for the connection to a registry and the cache of downloads. All others change what is installed, and where.</summary>
    private static readonly HashSet<string> Reaching = new(StringComparer.OrdinalIgnoreCase)
    {
        "registry", "proxy", "https_proxy", "noproxy", "ca", "cafile", "cert", "key", "strict_ssl", "local_address", "maxsockets",
        "cache", "userconfig", "globalconfig", "offline", "prefer_offline", "prefer_online",
    };

    /// <summary>Gets the variables to set for npm. An empty variable is like a missing one.</summary>
    public static Dictionary<string, string> ForRegistry() => ForRegistry(
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
            variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal));

    /// <summary>Gets the variables to set for npm, given the user's variables.</summary>
    internal static Dictionary<string, string> ForRegistry(IReadOnlyDictionary<string, string> user)
    {
        Dictionary<string, string> variables = NoProxyVariables.WithLoopback(user.GetValueOrDefault);
        foreach (string name in user.Keys.Where(IsSetting).Where(name => !Reaches(name[Prefix.Length..])))
            variables[name] = "";
        return variables;
    }

    /// <summary>Gets whether npm reads a setting from a variable.</summary>
    internal static bool IsSetting(string variable) => variable.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Scopes (<c>@scope:registry</c>), logins (<c>//host/:_authToken</c>, <c>_auth</c>) and retries (<c>fetch_…</c>) have many names.</summary>
    private static bool Reaches(string setting) =>
        Reaching.Contains(setting.Replace('-', '_'))
        || setting.StartsWith('@') || setting.StartsWith('_') || setting.StartsWith("//", StringComparison.Ordinal)
        || setting.StartsWith("fetch", StringComparison.OrdinalIgnoreCase);
}
