using ClockifyFunctions.Destinations;
using ClockifyFunctions.References;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.References;

/// <summary>The results of the responses to a creating call.</summary>
public sealed class CreationTests
{
    private const string Workspace = "64a687e29ae1f428e7ebe303", Older = "66f1a0c2b7d14e3a9c5d0d01", Newer = "66f1a0c2b7d14e3a9c5d0d02";

    private readonly FakeTimeProvider _time = new();
    private readonly Lists _lists;
    private readonly Calls _calls;

    public CreationTests()
    {
        _lists = SomeLists.Create(_time);
        _calls = new Calls(_time);
    }

    [Fact]
    public async Task ACreatedObjectIsListedImmediatelyAndTheJournalIsWrittenBeforeTheCall()
    {
        _calls.Answers(201, Object(Older, "New"));
        Assert.Null(await CreateAsync("tags"));
        Assert.Equal(["begin", "POST", $"end {Older}"], _calls.Log);
        Assert.Equal(Older, Found("tags"));
    }

    [Fact]
    public async Task AnObjectThatAnotherUserCreatedFirstIsUsed()
    {
        _calls.Answers(400, """{"message":"Tag with name 'New' already exists","code":501}""");
        _calls.Answers(200, $"[{Object(Older, "New")}]");
        Assert.Null(await CreateAsync("tags"));
        Assert.Equal(["begin", "POST", "end ", "GET"], _calls.Log);
        Assert.Equal(Older, Found("tags"));
    }

    [Theory]
    [InlineData("Tag with name 'New' already exists", Failure.Hidden, "exists (Clockify refused to create it) but this key cannot see it")]
    [InlineData("Tag name is a bad word", Failure.Unresolved, "does not exist and could not be created. Clockify answered 400 (code 501): Tag name is a bad word")]
    public async Task ARefusedNameThatTheListDoesNotContainIsNotTriedAgainForAMinute(string message, string kind, string expected)
    {
        _calls.Answers(400, $$"""{"message":"{{message}}","code":501}""");
        _calls.Answers(200, "[]");
        Assert.Null(await CreateAsync("tags"));
        var refusal = _lists.WhyNotCreated(NeedOf("tags", "NEW "));
        Assert.Equal(kind, refusal?.Kind);
        Assert.Contains(expected, refusal?.Message, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(_lists.WhyNotCreated(NeedOf("tags")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A403StopsCreationsInTheListOnlyIfTheCredentialLacksTheRightToCreate(bool hasNoRight)
    {
        _calls.NoRight = hasNoRight;
        _calls.Answers(403, """{"message":"Access Denied","code":501}""");
        Assert.Equal(hasNoRight ? null : 403, (await CreateAsync("tags"))?.Status);
        Assert.Equal(hasNoRight, _lists.WhyNotCreated(NeedOf("tags", "Another")) is not null);
        Assert.Null(_lists.WhyNotCreated(NeedOf("clients")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AfterALostResponseTheObjectIsSearchedWhenTheCallCanNoLongerTakeEffect(bool isThere)
    {
        _calls.Answers(502, "");
        _calls.Answers(200, isThere ? $"[{Object(Older, "New")}]" : "[]");
        Assert.Equal(isThere ? null : 502, (await CreateAsync("tags"))?.Status);
        Assert.Equal(["begin", "POST", "wait 10", "GET", isThere ? $"end {Older}" : "end "], _calls.Log);
    }

    [Fact]
    public async Task AnObjectThatACrashedProcessMayHaveCreatedIsSearchedFirst()
    {
        _calls.Until = _time.GetUtcNow() + TimeSpan.FromSeconds(7);
        _calls.Answers(200, $"[{Object(Older, "New")}]");
        Assert.Null(await CreateAsync("tags"));
        Assert.Equal(["wait 7", "GET", $"end {Older}"], _calls.Log);
    }

    [Fact]
    public async Task OfTwoObjectsWithTheSameNameTheOlderIsUsed()
    {
        _calls.Answers(201, Object(Newer, "New"));
        _calls.Answers(200, $"[{Object(Newer, "New")},{Object(Older, "New")}]");
        Assert.Null(await CreateAsync("userGroups"));
        Assert.Equal(["begin", "POST", "GET", $"end {Older}"], _calls.Log);
        Assert.Equal(Older, Found("userGroups"));
    }

    [Fact]
    public async Task ANameThatTheEndpointRefusesCausesNoCall()
    {
        Assert.Null(await CreateAsync("tags", new string('x', 101)));
        Assert.Empty(_calls.Log);
        Assert.Equal(Failure.Invalid, _lists.WhyNotCreated(NeedOf("tags", new string('x', 101)))?.Kind);
    }

    private async Task<CallResult?> CreateAsync(string list, string name = "New")
    {
        var (lookup, key) = (EndpointCatalog.Lookups[list], new ListKey(Workspace, list));
        var snapshot = new Snapshot(lookup, key, _time.GetUtcNow());
        snapshot.AddPages(1, isLast: true, []);
        _lists.Note(snapshot);
        return await new Creation(_lists, SomeLists.LookupsOf(_lists, _time), _calls, _time, NullLogger.Instance).CreateAsync(NeedOf(list, name));
    }

    private string? Found(string list) => _lists.Find(new ListKey(Workspace, list))!.Match("name", "new", static _ => true).One?.Id;

    private static Need.Create NeedOf(string list, string name = "New")
    {
        var endpoint = EndpointCatalog.Lookups[list].Create!;
        return new Need.Create(new ListKey(Workspace, list), name, null) { Creator = Written.Destination($$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"{{Workspace}}"} }""") };
    }

    private static string Object(string id, string name) => $$"""{"id":"{{id}}","name":"{{name}}"}""";

    /// <summary>Returns the queued responses in order, and logs each operation.</summary>
    private sealed class Calls(FakeTimeProvider time) : ILookupCalls
    {
        private readonly Queue<(int Status, string Body)> _answers = new();

        public List<string> Log { get; } = [];

        public bool NoRight { get; set; }

        public DateTimeOffset? Until { get; set; }

        public void Answers(int status, string body) => _answers.Enqueue((status, body));

        public Task<CallResult> CallAsync(RenderedRequest request)
        {
            Log.Add(request.Method.Method);
            var (status, body) = _answers.Dequeue();
            return Task.FromResult(Some.Answer(status, body) with { Expected = request.Answer });
        }

        public Task<bool> HasNoRightAsync() => Task.FromResult(NoRight);

        public DateTimeOffset? MayTakeEffectUntil(string creation) => Until;

        public Task BeginAsync(string creation)
        {
            Log.Add("begin");
            return Task.CompletedTask;
        }

        public void End(string creation, string? entityId) => Log.Add($"end {entityId}");

        public Task DelayUntilAsync(DateTimeOffset until)
        {
            Log.Add($"wait {(until - time.GetUtcNow()).TotalSeconds}");
            return Task.CompletedTask;
        }
    }
}
