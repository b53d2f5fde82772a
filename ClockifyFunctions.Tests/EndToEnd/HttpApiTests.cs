using System.Net;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>Tests the HTTP API through the host, as clients use it.</summary>
[Collection(ApiStackCollection.Name)]
public sealed class HttpApiTests(ApiStack stack) : SharedStackTest(stack)
{
    [Fact]
    public async Task APreviewHasExactlyTheBytesThatAreSentLater()
    {
        var records = SampleRecords.Read("10");
        await PostAsync($"destinations/{Entries}/pause", "");
        await SendAsync(Entries, $"[{string.Join(',', records)}]");
        await Eventually.TrueAsync("all records wait", async () => Waiting(await GetAsync($"destinations/{Entries}/status")) == 10, Patience);
        var fromBacklog = await PostAsync("preview", $$"""{"destination":"{{Entries}}"}""");
        var fromText = await PostAsync("preview", JsonSerializer.Serialize(new { config = JsonDocument.Parse(Config).RootElement, recordsText = string.Join('\n', records), recordsFormat = "ndjson" }));
        Assert.Equal("backlog", fromBacklog.GetProperty("source").GetString());
        Assert.Equal(Bodies(fromBacklog), Bodies(fromText));
        Assert.Contains("start", fromText.GetProperty("attributes").EnumerateArray().Select(attribute => attribute.GetString()));

        await PostAsync($"destinations/{Entries}/activate", "");
        await EventsAsync(10);
        // Calls for different objects overlap, so they can arrive in another order.
        Assert.Equal(Bodies(fromBacklog).Order(), Calls.Where(call => call.Method == "POST").Select(call => call.Body).Order());
        await Eventually.TrueAsync("nothing waits", async () => Waiting(await GetAsync($"destinations/{Entries}/status")) == 0, Patience);

        static IEnumerable<string?> Bodies(JsonElement preview) => preview.GetProperty("requests").EnumerateArray().Select(request => request.GetProperty("body").GetString());
        static long Waiting(JsonElement status) => status.GetProperty("waiting").GetProperty("records").GetInt64();
    }

    [Fact]
    public async Task APreviewReportsTheProblemsOfConfigAndRecordsAndShowsNoKey()
    {
        var wrong = await PostAsync("preview", """{"config":{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"{oops"}},"records":[{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T23:59:00Z"}]}""");
        Assert.Equal("$.inputs.workspaceId", wrong.GetProperty("problems")[0].GetProperty("path").GetString());
        var mixed = await PostAsync("preview", $$"""{"config":{{Config}},"records":[{"start":"today"},{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T23:59:00Z"},7]}""");
        Assert.Equal(0, mixed.GetProperty("refused")[0].GetProperty("record").GetInt32());
        Assert.Equal("$.records[2]", Assert.Single(mixed.GetProperty("recordProblems").EnumerateArray()).GetProperty("path").GetString());
        var format = await PostAsync("preview", $$"""{"config":{{Config}},"recordsText":"{}","recordsFormat":"xlsx"}""");
        Assert.Equal("$.recordsFormat", Assert.Single(format.GetProperty("recordProblems").EnumerateArray()).GetProperty("path").GetString());
        Assert.Equal("***", mixed.GetProperty("requests")[0].GetProperty("headers")[0].GetProperty("value").GetString());
        Assert.DoesNotContain(Key, mixed.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(Calls);
    }

    [Fact]
    public async Task ATestSendGetsAPermitOnABusyKeyAndCountsAsACall()
    {
        var records = SampleRecords.Read("150");
        await SendAsync(Entries, records);
        await CreatedAsync(15);
        var preview = await PostAsync("preview", $$"""{"config":{{Config}},"records":[{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T23:59:00Z","description":"a test"}]}""");
        // The request of the preview, without the additional members of the preview.
        var request = preview.GetProperty("requests")[0].EnumerateObject().Where(member => member.Name is "method" or "url" or "headers" or "contentType" or "body").ToDictionary(member => member.Name, member => member.Value);
        var sent = await PostAsync("test", $$"""{"config":{{Config}},"request":{{JsonSerializer.Serialize(request)}}}""");
        Assert.Equal(201, sent.GetProperty("response").GetProperty("status").GetInt32());
        Assert.Equal("delivered", sent.GetProperty("outcome").GetString());
        Assert.DoesNotContain(Key, sent.GetRawText(), StringComparison.Ordinal);
        await EventsAsync(150);
        AssertExactlyOnce([.. records, """{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T23:59:00Z","description":"a test"}"""]);
    }

    [Theory]
    [InlineData("https://example.com/x", "POST", "$.request.url")]
    [InlineData("ftp://127.0.0.1/x", "POST", "$.request.url")]
    [InlineData("nowhere", "POST", "$.request.url")]
    [InlineData("BASE/user", "TRACE", "$.request.method")]
    public async Task ATestSendGoesOnlyToHostsThatMayReceiveTheKey(string url, string method, string path)
    {
        url = url.Replace("BASE", Stack.Simulator!.BaseAddress.AbsoluteUri, StringComparison.Ordinal);
        var refused = await PostAsync("test", $$"""{"config":{{Config}},"request":{"method":"{{method}}","url":"{{url}}","body":"{}"} }""", expected: 400);
        Assert.Equal(path, Assert.Single(refused.GetProperty("errors").EnumerateArray()).GetProperty("path").GetString());
        Assert.Empty(Calls);
    }

    [Fact]
    public async Task TheConnectionCheckReportsTheOwnerOfTheKeyAndWritesNothing()
    {
        var check = await PostAsync($"credentials/{Credential}/check", "");
        Assert.True(check.GetProperty("ok").GetBoolean());
        Assert.Equal(Credential, check.GetProperty("user").GetProperty("name").GetString());
        var workspace = check.GetProperty("workspaces").EnumerateArray().Single(one => one.GetProperty("id").GetString() == Seed.WorkspaceId);
        Assert.True(workspace.GetProperty("isAdmin").GetBoolean());
        var unavailable = workspace.GetProperty("unavailable").EnumerateArray().Select(name => name.GetString()).ToArray();
        Assert.Contains("createAssignment", unavailable);
        Assert.DoesNotContain("createInvoice", unavailable);
        var preview = await PostAsync("preview", $$"""{"config":{{Examples.Config(EndpointTemplate.Find("createAssignment")!, credential: Credential)}},"records":[{{EndpointTemplate.Find("createAssignment")!.Example}}]}""");
        Assert.Contains("SCHEDULING", preview.GetProperty("refused")[0].GetProperty("problems")[0].GetProperty("message").GetString());
        Assert.All(Calls, call => Assert.Equal("GET", call.Method));

        Stack.Simulator!.RevokeKey(Key);
        Assert.False((await PostAsync($"credentials/{Credential}/check", "")).GetProperty("ok").GetBoolean());
        Assert.Equal("active", Assert.Single((await GetAsync("credentials")).EnumerateArray(), one => one.GetProperty("name").GetString() == Credential).GetProperty("condition").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task NdjsonAndCsvRecordsAreAcceptedCompletelyOrNotAtAll()
    {
        var ndjson = await PostAsync($"destinations/{Entries}/records", "{\"start\":\"2026-11-02T09:00:00Z\",\"end\":\"2026-11-02T23:59:00Z\"}\n{\"start\":\"2026-11-02T10:00:00Z\",\"end\":\"2026-11-02T23:59:00Z\"}\n", "application/x-ndjson", 202);
        Assert.Equal(2, ndjson.GetProperty("count").GetInt32());
        await PostAsync($"destinations/{Entries}/records", "start,end,description\n2026-11-02T11:00:00Z,2026-11-02T12:00:00Z,\"from, csv\"\n", "text/csv", 202);
        var refused = await PostAsync($"destinations/{Entries}/records", "{}\n{\n7\n", "application/x-ndjson", 400);
        Assert.Equal(["line 2", "line 3"], refused.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()));
        await PostAsync($"destinations/{Entries}/records", "x", "text/plain", 415);
        // The queue refuses one record, so the others are not queued either.
        var large = await PostAsync($"destinations/{Entries}/records", $$"""[{"start":"2026-11-02T12:00:00Z","end":"2026-11-02T23:59:00Z"},{"description":"{{new string('x', 300_000)}}"}]""", "application/json", 413);
        Assert.Equal("$[1]", Assert.Single(large.GetProperty("errors").EnumerateArray()).GetProperty("path").GetString());
        await PostAsync($"destinations/{Entries}/records", new string(' ', (16 << 20) + 1), "application/json", 413);
        using var latin = new ByteArrayContent(Encoding.Latin1.GetBytes("""{"description":"Müller"}""")) { Headers = { ContentType = new("application/json") } };
        using var unread = await Stack.Api.PostAsync($"destinations/{Entries}/records", latin, Cancel);
        Assert.Contains("not UTF-8", await unread.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        await EventsAsync(3);
        Assert.Contains(Created, entry => entry.Description == "from, csv");
        Assert.Equal(3, Created.Count);
    }

    [Fact]
    public async Task ADestinationIsCopiedPausedAndDeletedOnlyWhenEmptyOrForced()
    {
        var copy = await PostAsync($"destinations/{Entries}/copy", $$"""{"id":"{{Id("copy")}}"}""", expected: 201);
        Assert.Equal("paused", copy.GetProperty("state").GetString());
        await PostAsync($"destinations/{Entries}/copy", $$"""{"id":"{{Id("copy")}}"}""", expected: 409);
        await PostAsync($"destinations/{Entries}/copy", """{"id":"No Good"}""", expected: 400);
        await SendAsync(Id("copy"), ["""{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T23:59:00Z"}"""]);
        await Eventually.TrueAsync("the record waits", async () => (await GetAsync($"destinations/{Id("copy")}/status")).GetProperty("waiting").GetProperty("records").GetInt64() == 1, Patience);
        Assert.Equal(409, await DeleteAsync($"destinations/{Id("copy")}"));
        Assert.Equal(204, await DeleteAsync($"destinations/{Id("copy")}?force=true"));
        Assert.Equal(404, await DeleteAsync($"destinations/{Id("copy")}"));
    }

    [Theory]
    [InlineData("If-None-Match", "*", "entries", 412)]
    [InlineData("If-None-Match", "*", "fresh", 201)]
    [InlineData("If-Match", "*", "entries", 200)]
    [InlineData("If-Match", "*", "fresh", 412)]
    [InlineData("If-Match", "\"other\"", "entries", 412)]
    [InlineData("If-Match", "other", "entries", 412)]
    [InlineData("If-Match", "current, \"other\"", "entries", 200)]
    [InlineData("If-Match", null, "entries", 200)]
    public async Task ADestinationIsCreatedOrReplacedOnlyIfTheConditionsOfTheRequestHold(string header, string? value, string id, int status)
    {
        using var found = await Stack.Api.GetAsync($"destinations/{Entries}", Cancel);
        using var put = new HttpRequestMessage(HttpMethod.Put, $"destinations/{Id(id)}") { Content = new StringContent(Config, Encoding.UTF8, "application/json") };
        if (value is not null) put.Headers.TryAddWithoutValidation(header, value.Replace("current", found.Headers.ETag!.Tag, StringComparison.Ordinal));
        using var answer = await Stack.Api.SendAsync(put, Cancel);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"credential":"default","mapping":{"name":{"value":"\ud800"}}}""", "surrogate")]
    [InlineData("null", "is null")]
    [InlineData("{", "is not a destination config")]
    public async Task AConfigThatCannotBeReadIsRefusedWithTheReason(string config, string reason)
    {
        using var answer = await Stack.Api.PutAsync("destinations/odd", new StringContent(config, Encoding.UTF8, "application/json"), Cancel);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"credential":"nobody","endpoint":"createTimeEntry"}""", "$.credential", "$.inputs.workspaceId")]
    [InlineData("""{"inputs":{}}""", "$.credential", "$.endpoint")]
    public async Task ABadConfigIsRefusedWithAllItsProblems(string config, params string[] paths)
    {
        using var answer = await Stack.Api.PutAsync($"destinations/{Id("bad")}", new StringContent(config, Encoding.UTF8, "application/json"), Cancel);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal(paths, problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()));
    }

    [Theory]
    [InlineData("""{"ids":[]}""")]
    [InlineData("{}")]
    [InlineData("[")]
    public async Task AReplayWithoutASelectionReplaysNothing(string body) => await PostAsync($"quarantine/{Entries}/replay", body, expected: 400);

    [Fact]
    public async Task InvalidInputIsNotReportedAsAFailureOfTheApp()
    {
        await PostAsync("preview", $$"""{"config":{{Config}},"records":[{"\ud800":1},{"a":1}]}""");
        var merge = $$"""{"credential":"{{Credential}}","endpoint":"updateTag","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"updateMode":"merge" }""";
        var tag = $"{Stack.Simulator!.BaseAddress}/workspaces/{Seed.WorkspaceId}/tags/{Seed.OnSiteTagId}";
        foreach (var body in new[] { "", "[]", "{\\\"name\\\":" })
            await PostAsync("test", $$"""{"config":{{merge}},"request":{"method":"PUT","url":"{{tag}}","body":"{{body}}"} }""", expected: 400);
        await PostAsync("test", $$"""{"config":{{Config}},"request":{"method":"GET","url":"{{Stack.Simulator!.BaseAddress}}/user","headers":[{"name":"X-A"},{"value":"b"}]} }""", expected: 400);
        Assert.Empty(Calls);
        Stack.Simulator.Faults.Next(request => request.Path.EndsWith("/user", StringComparison.Ordinal), Fault.Answer(200)); // An empty page, without a user.
        var check = await PostAsync($"credentials/{Credential}/check", "");
        Assert.Equal((false, true), (check.GetProperty("ok").GetBoolean(), check.GetProperty("message").GetString()!.Contains("not the Clockify API", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task StatusAndSummaryMatchTheLedger()
    {
        await SendAsync(Entries, ["""{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T23:59:00Z"}"""]);
        await EventsAsync(1);
        await SendAsync(Entries, ["""{"start":"2026-11-02T10:00:00Z","end":"2026-11-02T23:59:00Z","tagIds":["66f1a0c2b7d14e3a9c5d0fff"]}"""]);
        await EventsAsync(2);
        await Eventually.TrueAsync("both calls are counted", async () => Calls(await GetAsync($"destinations/{Entries}/status?seconds=120")) == 2, Patience);
        var status = await GetAsync($"destinations/{Entries}/status");
        Assert.Equal((0, 1, 1), (status.GetProperty("waiting").GetProperty("records").GetInt64(), status.GetProperty("delivered").GetInt64(), status.GetProperty("quarantined").GetInt64()));
        Assert.StartsWith("Clockify answered 400", status.GetProperty("lastError").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("active", status.GetProperty("condition").GetProperty("kind").GetString());

        // A replayed record that is refused again is still one entry in quarantine.
        await PostAsync($"quarantine/{Entries}/replay", """{"all":true}""");
        await EventsAsync(3);
        await Eventually.TrueAsync("the replay is counted", async () => Calls(await GetAsync($"destinations/{Entries}/status?seconds=120")) == 3, Patience);
        var summary = await GetAsync($"summary?search={Entries.ToUpperInvariant()}&limit=1");
        Assert.Equal(1, Assert.Single(summary.GetProperty("destinations").EnumerateArray()).GetProperty("quarantined").GetInt32());
        Assert.Equal((1, 0), (summary.GetProperty("total").GetInt32(), summary.GetProperty("unrouted").GetInt32()));
        // The summary counts all destinations, including those of other tests.
        Assert.InRange(summary.GetProperty("counts").GetProperty("active").GetInt32(), 1, int.MaxValue);
        Assert.Equal(10, Assert.Single(summary.GetProperty("credentials").EnumerateArray(), one => one.GetProperty("name").GetString() == Credential).GetProperty("rate").GetProperty("mostPerSecond").GetInt32());
        Assert.Equal(0, (await GetAsync("summary?search=nothing")).GetProperty("total").GetInt32());
        Assert.Equal(EndpointTemplate.All.Count, (await GetAsync("templates")).GetArrayLength());

        static int Calls(JsonElement status) => status.GetProperty("calls").GetProperty("points").EnumerateArray().Sum(point => point.GetProperty("calls").GetInt32());
    }

    [Theory]
    [InlineData("destinations?ofset=1", "ofset")]
    [InlineData("templates?limit=0", "limit")]
    [InlineData("quarantine/ENTRIES?limit=x", "limit")]
    [InlineData("destinations/ENTRIES/status?second=1", "second")]
    [InlineData("health/ready?verbose=true", "verbose")]
    public async Task AQueryParameterThatIsUnknownOrWrongIsRefusedByName(string path, string name)
    {
        using var answer = await Stack.Api.GetAsync(path.Replace("ENTRIES", Entries, StringComparison.Ordinal), Cancel);
        Assert.Equal(400, (int)answer.StatusCode);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
        Assert.Equal(name, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("path").GetString());
    }

    [Fact]
    public async Task AReplayWithAnUnknownMemberReplaysNothing()
    {
        await SendAsync(Entries, ["""{"start":"2026-11-02T10:00:00","end":"2026-11-02T23:59:00"}"""]);
        await Eventually.TrueAsync("the record is in quarantine", async () => (await GetAsync($"quarantine/{Entries}")).GetArrayLength() == 1, Patience);
        await PostAsync($"quarantine/{Entries}/replay", """{"all":true,"kind":"rejected"}""", expected: 400);
        Assert.Equal(1, (await GetAsync($"quarantine/{Entries}?limit=1&offset=0")).GetArrayLength());
        Assert.Equal(0, (await GetAsync($"quarantine/{Entries}?offset=1")).GetArrayLength());
    }

    [Fact]
    public async Task EveryErrorIsProblemDetails()
    {
        foreach (var path in new[] { "destinations/none", "destinations/none/status" })
        {
            using var answer = await Stack.Api.GetAsync(path, Cancel);
            Assert.Equal((404, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        }

        await PostAsync("preview", "[", expected: 400);
    }

    [Fact]
    public async Task TheDescriptionIsServed()
    {
        using var answer = await Stack.Api.GetAsync("openapi.json", Cancel);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "ClockifyFunctions", "Api", "openapi.json"), Cancel), await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(("no-store", "nosniff"), (answer.Headers.CacheControl!.ToString(), Assert.Single(answer.Headers.GetValues("X-Content-Type-Options"))));
    }

    [Fact]
    public async Task ABodyWithoutAContentTypeIsRefused()
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        using var answer = await Stack.Api.PostAsync("preview", content, Cancel);
        Assert.Equal((415, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    private async Task<JsonElement> PostAsync(string path, string body, string type = "application/json", int? expected = null)
    {
        using var answer = await Stack.Api.PostAsync(path, new StringContent(body, Encoding.UTF8, type), Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(expected is { } status ? (int)answer.StatusCode == status : answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
        if (!answer.IsSuccessStatusCode) Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<int> DeleteAsync(string path)
    {
        using var answer = await Stack.Api.DeleteAsync(path, Cancel);
        return (int)answer.StatusCode;
    }
}
