using System.Net;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Sending;

public sealed class PrivateAddressesTests
{
    [Theory]
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
    public void PrivateAddressesAreKnownInEveryDisguise(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, PrivateAddresses.Contains(IPAddress.Parse(address)));

    /// <summary>What a name resolves to is looked at in the moment of connecting; a literal address stands for a name here.</summary>
    [Fact]
    public async Task AConnectionToAPrivateAddressIsRefusedBeforeAnythingIsSent()
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = ConnectGuard.ConnectAsync };
        using var client = new HttpClient(handler);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("http://127.0.0.1:9/", TestContext.Current.CancellationToken));
        Assert.Contains("private address", refused.GetBaseException().Message);
    }

    [Fact]
    public async Task TheClientSendsTheKeyNowhereElse()
    {
        using var client = new ClockifyClient(TimeProvider.System);
        var elsewhere = new RenderedRequest(HttpMethod.Get, new Uri("https://evil.example/"), default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(Written.Credential(), elsewhere, TestContext.Current.CancellationToken));
    }
}
