using System.Text;
using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

public sealed class ReplayTests : StackTest
{
    [Fact]
    public async Task OnceTheCauseIsGoneTheRecordsGoRoundAgainAndArriveOnce()
    {
        // Without a zone Clockify would refuse them; the third one stays wrong.
        string[] records = ["""{"start":"2026-11-02T10:00:00","description":"a"}""", """{"start":"2026-11-02T11:00:00","description":"b"}""", """{"start":"yesterday","description":"c"}"""];
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await QuarantinedAsync("entries", 3);
        await PutAsync("entries", ""","timeZone":"Europe/Berlin" """);

        Assert.Equal(1, await CountAsync("quarantine/entries/replay", $$"""{"ids":["{{await IdOfAsync("a")}}","no-such-id"]}""", problems: 1));
        Assert.Equal(2, await CountAsync("quarantine/entries/replay", """{"all":true}"""));
        await Events.WhenAsync(2, Patience);
        await QuarantinedAsync("entries", 1);

        Assert.Equal(["a", "b"], Ledger.CreatedTimeEntries.Select(entry => entry.Description).Order());
        Assert.All(Events.All, one => Assert.EndsWith("~1", one.GetProperty("id").GetString()));
        var back = (await GetAsync("quarantine/entries"))[0];
        Assert.Equal(1, back.GetProperty("replay").GetInt32());
        Assert.Equal("invalid", Assert.Single(back.GetProperty("history").EnumerateArray()).GetProperty("kind").GetString());

        Assert.Equal(1, await CountAsync("quarantine/entries/discard", """{"all":true}"""));
        await QuarantinedAsync("entries", 0);
    }

    [Fact]
    public async Task AMessageThatNamedNoKnownDestinationIsReplayedToOneThatExists()
    {
        await Client.SendAsync(LocalStack.Records, ["""[{"start":"2026-11-02T10:00:00Z"},{"start":"2026-11-02T11:00:00Z"}]""", "{ not JSON"], "later");
        await QuarantinedAsync("_unrouted", 2);
        Assert.Equal(0, await CountAsync("quarantine/_unrouted/replay", """{"all":true}""", problems: 2));

        await PutAsync("later", "");
        Assert.Equal(1, await CountAsync("quarantine/_unrouted/replay", """{"all":true}""", problems: 1));
        await Events.WhenAsync(2, Patience);
        Assert.Equal(2, Ledger.CreatedTimeEntries.Count);
        await QuarantinedAsync("_unrouted", 1);
    }

    [Theory]
    [InlineData("""{"ids":[]}""")]
    [InlineData("""{}""")]
    [InlineData("""[""")]
    public async Task WithoutAChoiceNothingIsReplayed(string body)
    {
        using var answer = await PostAsync("quarantine/entries/replay", body);
        Assert.Equal(400, (int)answer.StatusCode);
    }

    private async Task PutAsync(string id, string more)
    {
        var config = $$"""{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"}{{more}}}""";
        (await Stack.Api.PutAsync($"destinations/{id}", new StringContent(config, Encoding.UTF8, "application/json"), Cancel)).EnsureSuccessStatusCode();
        (await Stack.Api.PostAsync($"destinations/{id}/activate", null, Cancel)).EnsureSuccessStatusCode();
    }

    private Task QuarantinedAsync(string place, int count) =>
        Eventually.TrueAsync($"{count} entries in quarantine {place}", async () => (await GetAsync($"quarantine/{place}")).GetArrayLength() == count, Patience);

    private async Task<string> IdOfAsync(string description) =>
        (await GetAsync("quarantine/entries")).EnumerateArray().Single(entry => entry.GetProperty("record").GetProperty("description").GetString() == description).GetProperty("id").GetString()!;

    private async Task<int> CountAsync(string path, string body, int problems = 0)
    {
        using var answer = await PostAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode);
        var change = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
        Assert.Equal(problems, change.GetProperty("problems").GetArrayLength());
        return change.GetProperty("count").GetInt32();
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) => Stack.Api.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), Cancel);
}
