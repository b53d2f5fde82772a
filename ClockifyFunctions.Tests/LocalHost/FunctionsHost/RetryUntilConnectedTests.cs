using ClockifyFunctions.LocalHost.FunctionsHost.Triggers.Http;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

public sealed class RetryUntilConnectedTests
{
    private readonly WatchedTime _time = new();

    [Theory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    public async Task ARequestIsTriedTenTimes(int refused, bool succeeds)
    {
        using var server = new RefusingServer(refused);
        using var client = new HttpMessageInvoker(new RetryUntilConnected(server, _time));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:1/");

        var sending = client.SendAsync(request, TestContext.Current.CancellationToken);
        await Eventually.DoneAsync("the request ends", sending, _time);

        Assert.Equal(succeeds, sending.IsCompletedSuccessfully);
        Assert.Equal(10, server.Requests);
        if (!succeeds) await Assert.ThrowsAsync<HttpRequestException>(() => sending);
    }

    private sealed class RefusingServer(int refused) : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            ++Requests <= refused ? throw new HttpRequestException("connection refused") : Task.FromResult(new HttpResponseMessage());
    }
}
