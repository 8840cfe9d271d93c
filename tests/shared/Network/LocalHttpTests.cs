using System.Net;
using KeypointPipeline.Network;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Network;

public sealed class LocalHttpTests
{
    private static readonly Uri Proxy = new("http://proxy.example:3128");

    [Theory]
    [InlineData("http://127.0.0.1:10000/account")]
    [InlineData("http://127.9.9.9/")]
    [InlineData("http://localhost:7071/")]
    [InlineData("https://[::1]:7071/")]
    public void A_loopback_address_is_never_asked_for_through_a_proxy(string address)
    {
        var proxy = new LocalHttp.ExceptLoopback(new WebProxy(Proxy));

        Assert.True(proxy.IsBypassed(new Uri(address)));
        Assert.Null(proxy.GetProxy(new Uri(address)));
    }

    [Fact]
    public void Every_other_address_is_asked_for_as_the_user_says()
    {
        var credentials = new NetworkCredential("name", "password");
        var proxy = new LocalHttp.ExceptLoopback(new WebProxy(Proxy, BypassOnLocal: false, [@"intern\.example"], credentials));

        Assert.Equal(Proxy, proxy.GetProxy(new Uri("https://account.blob.core.windows.net/")));
        Assert.False(proxy.IsBypassed(new Uri("https://account.blob.core.windows.net/")));
        Assert.True(proxy.IsBypassed(new Uri("https://intern.example/")));
        Assert.Same(credentials, proxy.Credentials);
    }
}
