using ClockifyFunctions.Hosting;
using ClockifyFunctions.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Hosting;

public class RedeliveryPauseTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AFailureIsAnsweredAfterAWhileAndEverythingElseAtOnce()
    {
        var time = new FakeTimeProvider();
        var failed = new TaskCompletionSource();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(time);
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseRedeliveryPause();
        app.MapGet("/messages", (bool fail) => Answer(fail)).PausesWhenItFails();
        app.MapGet("/other", (bool fail) => Answer(fail));
        await app.StartAsync(Cancel);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Assert.Equal(200, await StatusAsync("messages?fail=false"));
        Assert.Equal(200, await StatusAsync("other?fail=false"));
        Assert.Equal(500, await StatusAsync("other?fail=true"));

        failed = new TaskCompletionSource();
        var answer = StatusAsync("messages?fail=true");
        await failed.Task;
        await Eventually.DoneAsync("it is answered", answer, time);
        Assert.Equal(500, await answer);
        Assert.True(time.GetUtcNow() - time.Start >= TimeSpan.FromSeconds(10));

        async Task<int> StatusAsync(string path) => (int)(await http.GetAsync(new Uri(path, UriKind.Relative), Cancel)).StatusCode;

        IResult Answer(bool fail)
        {
            if (!fail) return Results.Ok();
            failed.SetResult();
            throw new InvalidOperationException("storage is away");
        }
    }
}
