using KeypointPipeline.Local.Machine;
using Xunit;

namespace KeypointPipeline.Local.Tests.Machine;

public sealed class NpmEnvironmentTests
{
    [Theory]
    [InlineData("npm_config_registry")]
    [InlineData("NPM_CONFIG_REGISTRY")]
    [InlineData("npm_config_https_proxy")]
    [InlineData("npm_config_https-proxy")]
    [InlineData("npm_config_noproxy")]
    [InlineData("npm_config_cafile")]
    [InlineData("npm_config_cache")]
    [InlineData("npm_config_userconfig")]
    [InlineData("npm_config_fetch_retries")]
    [InlineData("npm_config_@company:registry")]
    [InlineData("npm_config_//registry.example/:_authToken")]
    [InlineData("PATH")]
    [InlineData("HTTPS_PROXY")]
    public void What_reaches_the_users_registry_stays(string variable) =>
        Assert.DoesNotContain(variable, NpmEnvironment.ForRegistry(With(variable)).Keys);

    [Theory]
    [InlineData("npm_config_prefix")]
    [InlineData("npm_config_global")]
    [InlineData("npm_config_location")]
    [InlineData("npm_config_dry_run")]
    [InlineData("npm_config_omit")]
    [InlineData("npm_config_package_lock")]
    [InlineData("NPM_CONFIG_WORKSPACES")]
    public void What_changes_what_is_installed_and_where_is_dropped(string variable) =>
        Assert.Equal("", NpmEnvironment.ForRegistry(With(variable))[variable]);

    [Fact]
    public void Loopback_is_excepted_from_the_users_proxies_beside_what_the_user_excepts()
    {
        Dictionary<string, string> alone = NoProxyVariables.WithLoopback(_ => null);
        Dictionary<string, string> beside = NoProxyVariables.WithLoopback(name => name == "NO_PROXY" ? "intern.example" : null);

        Assert.Equal(["NO_PROXY", "no_proxy"], alone.Keys.Order(StringComparer.Ordinal));
        Assert.All(alone.Values, value => Assert.Equal("localhost,127.0.0.1,::1", value));
        Assert.All(beside.Values, value => Assert.Equal("intern.example,localhost,127.0.0.1,::1", value));
    }

    private static Dictionary<string, string> With(string variable) => new(StringComparer.Ordinal) { [variable] = "value" };
}
