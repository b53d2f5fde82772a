using System.Diagnostics;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClockifyFunctions.Tests.Sending;

public sealed class ClockifyClientTests
{
    [Fact]
    public async Task NoHeaderIsSentThatNobodyWroteNotEvenWhileTheCallIsTraced()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.Run(context => context.Response.WriteAsync(string.Join(' ', context.Request.Headers.Keys.Order()), TestContext.Current.CancellationToken));
        await server.StartAsync(TestContext.Current.CancellationToken);

        using var span = new Activity("traced").SetIdFormat(ActivityIdFormat.W3C).Start();
        using var client = new ClockifyClient(TimeProvider.System);
        var credential = Written.Credential(server.Urls.Single());
        var answer = await client.SendAsync(credential, new RenderedRequest(HttpMethod.Get, new Uri($"{server.Urls.Single()}/user"), default), TestContext.Current.CancellationToken);
        Assert.Equal("Accept Accept-Encoding Host X-Api-Key", answer.Body);
    }
}
