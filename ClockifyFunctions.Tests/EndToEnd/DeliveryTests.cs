using System.Text;
using System.Text.Json;
using Amqp;
using Amqp.Framing;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.EndToEnd;

public sealed class DeliveryTests : StackTest
{
    [Fact]
    public async Task RecordsBecomeTimeEntriesAndWhatCannotIsQuarantinedWithItsReason()
    {
        var records = SampleRecords.Read("12");
        await Client.SendAsync(LocalStack.Records, ["{ this is not JSON", "42", "[1]"], "entries");
        await Client.SendAsync(LocalStack.Records, ["""{"a":1}"""], tag: null);
        await Client.SendAsync(LocalStack.Records, ["""{"a":2}"""], "nowhere");
        await Client.SendAsync(LocalStack.Records, records.Take(6), "entries");
        await Client.SendAsync(LocalStack.Records, [$"[{string.Join(',', records.Skip(6))}]"], "entries");
        await Client.SendAsync(LocalStack.Records, ["""{"start":"2026-11-02T10:00:00Z","end":"2026-11-02T11:00:00Z","description":"of an unknown tag","tagIds":["66f1a0c2b7d14e3a9c5d0fff"]}"""], "entries");
        await Events.WhenAsync(13, Patience);

        AssertExactlyOnce(records);
        var rejected = Assert.Single(Events.All, response => response.GetProperty("type").GetString() == "clockify.call.rejected");
        Assert.Equal(400, rejected.GetProperty("data").GetProperty("response").GetProperty("status").GetInt32());
        Assert.All(Events.All, response => Assert.Equal("1.0", response.GetProperty("specversion").GetString()));
        Assert.DoesNotContain(Events.All, response => response.GetRawText().Contains(Seed.AdaKey, StringComparison.Ordinal));

        var quarantine = (await GetAsync("quarantine/entries")).EnumerateArray().ToArray();
        Assert.Equal(["rejected", "unreadable", "unreadable", "unreadable"], quarantine.Select(entry => entry.GetProperty("kind").GetString()).Order());
        Assert.Contains(quarantine, entry => entry.GetProperty("reason").GetString()!.Contains("Clockify answered 400 (code 501)", StringComparison.Ordinal));
        var unrouted = (await GetAsync("quarantine/_unrouted")).EnumerateArray().Select(entry => entry.GetProperty("reason").GetString()!).ToArray();
        Assert.Equal(2, unrouted.Length);
        Assert.Contains(unrouted, reason => reason.Contains("names no destination", StringComparison.Ordinal));
        Assert.Contains(unrouted, reason => reason.Contains("no destination 'nowhere'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AMessageMayNameItsDestinationBySessionIdOrBringTheConfig()
    {
        var records = SampleRecords.Read("2");
        await Client.SendAsync(LocalStack.Records, Message(records[0], new Properties { GroupId = "entries" }));
        var config = $$$"""{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{{Seed.WorkspaceId}}}"}}""";
        await Client.SendAsync(LocalStack.Records, Message(records[1], new Properties(), ("destinationConfig", config)));
        await Events.WhenAsync(2, Patience);

        AssertExactlyOnce(records);
        Assert.Contains(Events.All, response => response.GetProperty("data").GetProperty("destination").GetString()!.StartsWith("inline-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task APausedDestinationKeepsItsRecordsUntilItIsActivated()
    {
        var records = SampleRecords.Read("3");
        (await Stack.Api.PostAsync("destinations/entries/pause", null, Cancel)).EnsureSuccessStatusCode();
        await Client.SendAsync(LocalStack.Records, records, "entries");
        await Support.Eventually.TrueAsync("the records wait", async () => (await GetAsync("destinations/entries/status")).GetProperty("waiting").GetProperty("bytes").GetInt64() > 0, Patience);
        Assert.Empty(Ledger.Calls);

        (await Stack.Api.PostAsync("destinations/entries/activate", null, Cancel)).EnsureSuccessStatusCode();
        await Events.WhenAsync(3, Patience);
        AssertExactlyOnce(records);
    }

    [Fact]
    public async Task UpdatesOfOneEntryArriveInTheOrderTheyWereSentHoweverLongOneLingers()
    {
        var created = SampleRecords.Read("1");
        await Client.SendAsync(LocalStack.Records, created, "entries");
        await Events.WhenAsync(1, Patience);
        var entry = Assert.Single(Ledger.CreatedTimeEntries);
        var config = $$$"""{"credential":"default","endpoint":"updateTimeEntry","inputs":{"workspaceId":"{{{Seed.WorkspaceId}}}"}}""";
        (await Stack.Api.PutAsync("destinations/updates", new StringContent(config, Encoding.UTF8, "application/json"), Cancel)).EnsureSuccessStatusCode();
        (await Stack.Api.PostAsync("destinations/updates/activate", null, Cancel)).EnsureSuccessStatusCode();

        Stack.Simulator!.Faults.Next(request => request.Method == "PUT", Fault.Late(TimeSpan.FromSeconds(1)));
        await Client.SendAsync(LocalStack.Records, Enumerable.Range(1, 4).Select(number => $$"""{"id":"{{entry.Id}}","start":"2026-11-02T08:00:00Z","description":"version {{number}}"}"""), "updates");
        await Events.WhenAsync(5, Patience);

        using var http = new HttpClient { DefaultRequestHeaders = { { "X-Api-Key", Seed.AdaKey } } };
        var stored = await http.GetStringAsync(new Uri($"{Stack.Simulator.BaseAddress}/workspaces/{Seed.WorkspaceId}/time-entries/{entry.Id}"), Cancel);
        Assert.Equal("version 4", JsonDocument.Parse(stored).RootElement.GetProperty("description").GetString());
    }

    [Theory]
    [InlineData("""{"credential":"nobody","endpoint":"createTimeEntry"}""", "$.credential", "$.inputs.workspaceId")]
    [InlineData("""{"inputs":{}}""", "$.credential", "$.endpoint")]
    public async Task ABadConfigIsRefusedWithAllItsProblems(string config, params string[] paths)
    {
        using var answer = await Stack.Api.PutAsync("destinations/bad", new StringContent(config, Encoding.UTF8, "application/json"), Cancel);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal(paths, problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()));
    }

    private static Message Message(string body, Properties properties, params (string Name, string Value)[] application)
    {
        var message = new Message { Properties = properties, ApplicationProperties = new ApplicationProperties(), BodySection = new Data { Binary = Encoding.UTF8.GetBytes(body) } };
        properties.MessageId = Guid.NewGuid().ToString();
        foreach (var (name, value) in application) message.ApplicationProperties[name] = value;
        return message;
    }
}
