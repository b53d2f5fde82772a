using System.Net;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Sending;

public sealed class PrivateAddressesTests
{
    [Theory]
    [Trait(Categories.Name, Categories.Security)]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("168.63.129.16", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("::1", true)]
    [InlineData("::", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("64:ff9b::7f00:1", true)]
    [InlineData("2002:7f00:1::", true)]
    [InlineData("2606:4700::1111", false)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("::127.0.0.1", true)]
    [InlineData("::ffff:0:10.0.0.1", true)]
    [InlineData("64:ff9b::a9fe:a9fe", true)]
    [InlineData("64:ff9b::808:808", false)]
    [InlineData("64:ff9b:1::808:808", true)] // The meaning of the prefix depends on the network that uses it.
    [InlineData("64:ff9b:1:7f00:0:100::", true)]
    [InlineData("2002:c0a8:101::1", true)]
    [InlineData("2002:808:808::1", false)]
    [InlineData("2001:0:808:808:0:0:80ff:fffe", true)] // Teredo, client 127.0.0.1.
    [InlineData("2001:0:a00:1:0:0:f7f7:f7f7", true)] // Teredo, server 10.0.0.1.
    [InlineData("2001:0:808:808:0:0:f7f7:f7f7", false)]
    [InlineData("2001:1::1", false)]
    [InlineData("2606:4700::5efe:10.0.0.1", true)] // ISATAP.
    [InlineData("2606:4700::200:5efe:169.254.169.254", true)]
    [InlineData("2606:4700::5efe:8.8.8.8", false)]
    public void PrivateAddressesAreRecognizedInEveryForm(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, PrivateAddresses.Contains(IPAddress.Parse(address)));

    /// <summary>The client checks the resolved address when it connects. Here a literal address replaces a name.</summary>
    [Fact]
    public async Task AConnectionToAPrivateAddressIsRefusedBeforeAnythingIsSent()
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = ConnectGuard.ConnectAsync };
        using var client = new HttpClient(handler);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("http://127.0.0.1:9/", TestContext.Current.CancellationToken));
        Assert.Contains("private address", refused.GetBaseException().Message);
    }

    /// <summary>A proxy from the environment would receive the key.</summary>
    [Fact]
    [Trait(Categories.Name, Categories.Security)]
    public async Task TheClientUsesNoProxy()
    {
        await using var api = new FixedResponseServer(FixedResponseServer.Ok("api"));
        await using var proxy = new FixedResponseServer(FixedResponseServer.Ok("proxy"));
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new ProxyFor(api.Address, proxy.Address);
        try
        {
            using var client = new ClockifyClient(TimeProvider.System);
            var answer = await client.SendAsync(Written.Credential(api.Address.AbsoluteUri), new RenderedRequest(HttpMethod.Get, api.Address, default), TestContext.Current.CancellationToken);
            Assert.Equal("api", answer.Body.ToString());
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    [Fact]
    public async Task TheClientSendsTheKeyNowhereElse()
    {
        using var client = new ClockifyClient(TimeProvider.System);
        var elsewhere = new RenderedRequest(HttpMethod.Get, new Uri("https://evil.example/"), default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(Written.Credential(), elsewhere, TestContext.Current.CancellationToken));
    }

    /// <summary>Affects only one address, because other tests run at the same time.</summary>
    private sealed class ProxyFor(Uri target, Uri proxy) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : proxy;

        public bool IsBypassed(Uri host) => host.Authority != target.Authority;
    }
}
