using System.Net;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Browser;

/// <summary>Key, credentials, and destinations before records are sent.</summary>
[Trait(Categories.Name, Categories.Process)]
public sealed class ConsoleSetupTests(ConsoleStack fixture) : ConsoleStories(fixture)
{
    [Fact]
    public async Task ANewUserSeesAndTestsRequestsBeforeRecordsAreSent()
    {
        await RunStoryAsync("setup");
        Assert.Single(Ledger.CreatedTimeEntries, entry => entry.Description == "a test");
    }

    [Fact]
    public async Task TheColumnsOfAFileAreMappedBeforeAnythingIsSent() => await RunStoryAsync("columns");

    [Fact]
    public async Task ACredentialIsCreatedRotatedLimitedAndDeletedInTheConsole()
    {
        await RunStoryAsync("credentials");
        Assert.Single(Ledger.CreatedTimeEntries, entry => entry.Description == "with a new key");
    }

    [Fact]
    public async Task ThePageIsOpenStrictAndCached()
    {
        using var anyone = new HttpClient { BaseAddress = Stack.Hosts[0].Address };
        using var page = await anyone.GetAsync("api/console", Cancel);
        var html = await page.Content.ReadAsStringAsync(Cancel);
        Assert.SkipWhen(page.StatusCode == HttpStatusCode.NotFound, html);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);

        using var again = new HttpRequestMessage(HttpMethod.Get, "api/console/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using var unchanged = await anyone.SendAsync(again, Cancel);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        var script = html.Split("src=\"")[1].Split('"')[0];
        using var packed = new HttpRequestMessage(HttpMethod.Get, script);
        packed.Headers.Add("Accept-Encoding", "gzip, br");
        using var answer = await anyone.SendAsync(packed, Cancel);
        Assert.Equal("br", Assert.Single(answer.Content.Headers.ContentEncoding));
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Contains("x-functions-key", await anyone.GetStringAsync(script, Cancel), StringComparison.Ordinal);

        using var plain = new HttpRequestMessage(HttpMethod.Get, script) { Headers = { { "Accept-Encoding", "br;q=0, identity" } } };
        using var unpacked = await anyone.SendAsync(plain, Cancel);
        Assert.Empty(unpacked.Content.Headers.ContentEncoding);

        // The functions that serve the page serve no other files, and no other function has a path with the same prefix.
        using var api = await anyone.GetAsync("api/destinations", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        using var near = await anyone.GetAsync("api/consoles", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, near.StatusCode);
    }
}
