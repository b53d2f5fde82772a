using Azure.Storage.Blobs.Specialized;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Delivery;

[Collection(AzuriteCollection.Name)]
public class LaneTests(AzuriteFixture azurite)
{
    private static readonly Destination Waiting = Written.Destination(
        """{"credential":"default","method":"POST","url":"https://api.clockify.me/api/v1/things","batching":{"size":10,"maxAgeSeconds":60}}""");

    private static readonly Destination Plain = Written.Destination("""{"credential":"default","method":"PUT","url":"https://api.clockify.me/api/v1/things/{record.id}"}""");

    private readonly string _credential = Some.Name("credential");
    private readonly FakeTimeProvider _time = new(Written.Now);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ABatchThatIsNotFullIsHeldUntilItsOldestRecordIsDue()
    {
        var lane = await LaneWithAsync(rollAtBlocks: 10, "1", "2");
        Assert.True((await lane.NextTurnAsync(10, Cancel)).IsEmpty);
        Assert.Equal(Written.Now.AddSeconds(60), lane.Held!.Until);

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(["1", "2"], Ids(await lane.NextTurnAsync(10, Cancel)));
        Assert.Null(lane.Held);
    }

    [Fact]
    public async Task NothingIsHeldAtTheEndOfASegmentThatOthersFollowForTheirRecordsCouldNotJoin()
    {
        var lane = await LaneWithAsync(rollAtBlocks: 1, "1", "2");
        var first = await lane.NextTurnAsync(10, Cancel);
        Assert.Equal(["1"], Ids(first));
        Finish(first);
        Assert.Equal(["2"], Ids(await lane.NextTurnAsync(10, Cancel)));
    }

    [Fact]
    public async Task ASegmentThatBeganSinceIsReadOnceAListingHasShownIt()
    {
        _time.Advance(TimeSpan.FromSeconds(60)); // Every batch is due.
        var lane = await LaneWithAsync(rollAtBlocks: 2, "1");
        Finish(await lane.NextTurnAsync(10, Cancel));
        await AppendAsync(rollAtBlocks: 2, "2", "3");
        var second = await lane.NextTurnAsync(10, Cancel);
        Assert.Equal(["2"], Ids(second));
        Finish(second);

        var lists = azurite.Account.TransactionsByOperation["list"];
        Assert.True((await lane.NextTurnAsync(10, Cancel)).IsEmpty);
        Assert.Equal(lists, azurite.Account.TransactionsByOperation["list"]);
        lane.Listed((await new Backlogs(azurite.Account).FindAsync(_credential, Waiting.Id, Cancel))!);
        Assert.Equal(["3"], Ids(await lane.NextTurnAsync(10, Cancel)));
    }

    [Fact]
    public async Task WhatAFormerHolderWritesBetweenOurReadingAndOurWritingIsHeardBeforeAnythingIsSent()
    {
        _time.Advance(TimeSpan.FromSeconds(60));
        var former = await LaneWithAsync(rollAtBlocks: 10, "1", "2");
        var sent = (await former.NextTurnAsync(10, Cancel)).Records.SelectMany(call => call.Records).ToArray();
        var lane = await OpenAsync();
        former.Journal.Add(new JournalEntry(sent[0].Record.Key, JournalKind.Delivered, sent[0].Place.Next));
        await former.Journal.WriteAsync(Cancel);

        var turn = await lane.NextTurnAsync(10, Cancel);
        Assert.Equal(["2"], Ids(turn));
        Assert.Equal(JournalKind.Delivered, Assert.Single(turn.DoneBefore).Outcome.Kind);
    }

    [Fact]
    public async Task WhatWasTriedInVainComesAfterTheOthersAndKeepsItsObjectsBehindIt()
    {
        await AppendAsync(rollAtBlocks: 10, "1", "2", "1", "3");
        var journals = new Journals(azurite.Account, _time);
        var lane = await OpenAsync(Plain, journals);
        var turn = await lane.NextTurnAsync(1, Cancel);
        Assert.False(lane.IsStalled);
        lane.Stall(turn.Records[0]);
        Assert.True(lane.IsStalled);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(TimeSpan.FromSeconds(60), lane.StalledFor);
        turn.Records[0].Release();
        await lane.CloseAsync(Cancel);

        lane = await OpenAsync(Plain, journals);
        Assert.Equal(["2", "3", "1", "1"], Targets(await lane.NextTurnAsync(3, Cancel)));
    }

    [Fact]
    public async Task WhatWasTriedInVainAtTheEndOfASegmentDoesNotKeepTheNextOneWaiting()
    {
        await AppendAsync(rollAtBlocks: 2, "1", "1", "2", "3", "4");
        var journals = new Journals(azurite.Account, _time);
        var lane = await OpenAsync(Plain, journals);
        var turn = await lane.NextTurnAsync(10, Cancel);
        Assert.Equal(["1", "1"], Targets(turn));
        lane.Stall(turn.Records[0]);
        foreach (var call in turn.Records) call.Release();
        await lane.CloseAsync(Cancel);

        lane = await OpenAsync(Plain, journals);
        turn = await lane.NextTurnAsync(10, Cancel);
        Assert.Equal(["2", "3", "1", "1"], Targets(turn));
        foreach (var call in turn.Records.Take(2)) Finish(call);
        // Both segments are behind the record: neither is left before it is finished.
        Assert.True((await lane.NextTurnAsync(10, Cancel)).IsEmpty);
        foreach (var call in turn.Records.Skip(2)) Finish(call);
        turn = await lane.NextTurnAsync(10, Cancel);
        Assert.Equal(["4"], Targets(turn));
        Finish(turn);
        await lane.CloseAsync(Cancel);

        Assert.Equal(5, (await new Backlogs(azurite.Account).FindAsync(_credential, Plain.Id, Cancel))!.Cursor.Delivered);
        Assert.Equal(3, Assert.Single(await LogOf(rollAtBlocks: 2).ListAsync(Cancel)).Key);
        Assert.True((await (await OpenAsync(Plain, journals)).NextTurnAsync(10, Cancel)).IsEmpty);
    }

    [Fact]
    public async Task WhatComesLateForASegmentThatWasReadPastGoesBeforeWhatFollows()
    {
        await AppendAsync(rollAtBlocks: 2, "1", "1", "2");
        var journals = new Journals(azurite.Account, _time);
        var lane = await OpenAsync(Plain, journals);
        var turn = await lane.NextTurnAsync(10, Cancel);
        lane.Stall(turn.Records[0]);
        foreach (var call in turn.Records) call.Release();
        await lane.CloseAsync(Cancel);

        lane = await OpenAsync(Plain, journals);
        turn = await lane.NextTurnAsync(10, Cancel);
        Assert.Equal(["2", "1", "1"], Targets(turn));
        // By somebody who does not know of the next segment yet.
        var first = azurite.Account.Backlog.GetAppendBlobClient($"{Backlogs.Prefix(_credential, Waiting.Id)}00000001");
        foreach (var block in AppendLog.Blocks([Record("late", "5")], BacklogJson.Web.BacklogRecord)) await first.AppendBlockAsync(new MemoryStream(block.Lines.ToArray()), cancellationToken: Cancel);
        await AppendAsync(rollAtBlocks: 2, "6");
        Assert.True((await lane.NextTurnAsync(10, Cancel)).IsEmpty);
        foreach (var record in turn.Records.SelectMany(call => call.Records)) lane.Journal.Add(new JournalEntry(record.Record.Key, JournalKind.Delivered, record.Place.Next));
        Finish(turn);
        Assert.True((await lane.NextTurnAsync(10, Cancel)).IsEmpty);
        await lane.CloseAsync(Cancel);

        lane = await OpenAsync(Plain, journals);
        turn = await lane.NextTurnAsync(10, Cancel);
        Assert.Equal(["5"], Targets(turn));
        Finish(turn);
        turn = await lane.NextTurnAsync(10, Cancel);
        Assert.Equal(["6"], Targets(turn));
        Assert.Equal("2", Assert.Single(turn.DoneBefore).Outcome.Id);
    }

    [Fact]
    public async Task WhatWasOnlyInterruptedComesLastOnce()
    {
        await AppendAsync(rollAtBlocks: 10, "1", "2", "3");
        var journals = new Journals(azurite.Account, _time);
        foreach (var expected in new[] { "1", "2", "1" })
        {
            var lane = await OpenAsync(Plain, journals);
            var turn = await lane.NextTurnAsync(1, Cancel);
            Assert.Equal(expected, Targets(turn).First());
            if (expected == "1") lane.TriedInVain(turn.Records[0], once: true);
            foreach (var call in turn.Records) call.Release();
            await lane.CloseAsync(Cancel);
        }
    }

    [Fact]
    public async Task CreatesThatReadingBackCouldNotTellApartHaveOneTargetHoweverTheyAreWritten()
    {
        var tags = Written.Destination("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"}}""");
        string[] bodies = ["""{"name":"x"}""", """{"name":"\u0078"}""", """{"name":"a","name":"x"}""", """{"name":"y"}"""];
        await LogOf(rollAtBlocks: 10).AppendAsync(bodies.Select((body, number) => new BacklogRecord($"{number}", null, Written.Now, RawJson.Of(Some.Json(body)))), BacklogJson.Web.BacklogRecord, Cancel);
        var targets = (await (await OpenAsync(tags)).NextTurnAsync(10, Cancel)).Records.Select(call => call.Target!.Value).ToArray();
        Assert.Equal(4, targets.Length);
        Assert.Single(targets[..3].Distinct());
        Assert.NotEqual(targets[0], targets[3]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","maxAgeSeconds":60""")]
    public async Task RecordsOfManyGroupsFillTheirBatchesHoweverFewCallsATurnHas(string age)
    {
        var grouped = Written.Destination($$$"""{"credential":"default","method":"POST","url":"https://api.clockify.me/api/v1/things/{record.id}","batching":{"size":10{{{age}}}}}""");
        await AppendAsync(500, [.. Enumerable.Range(0, 103).Select(number => $"{number % 5}")]);
        var lane = await OpenAsync(grouped);
        List<int> sizes = [];
        for (Lane.Turn turn; !(turn = await lane.NextTurnAsync(2, Cancel)).IsEmpty;)
        {
            Assert.InRange(turn.Records.Count, 1, 2);
            sizes.AddRange(turn.Records.Select(call => call.Records.Count));
            Finish(turn);
        }

        Assert.Equal(Enumerable.Repeat(10, 10), sizes.Take(10));
        Assert.Equal(age.Length > 0 ? [] : [1, 1, 1], sizes.Skip(10));
        Assert.Equal(age.Length > 0, lane.Held is not null);
    }

    [Fact]
    public async Task WhatIsInDoubtStaysAloneThoughItWaitsForAnotherTurn()
    {
        var grouped = Written.Destination("""{"credential":"default","method":"POST","url":"https://api.clockify.me/api/v1/things/{record.id}","batching":{"size":10}}""");
        await AppendAsync(500, "a", "b", "c", "c", "c", "c");
        // As after a crash: of the four for c, only the second one may have been sent.
        var journal = await new Journals(azurite.Account, _time).OpenAsync(_credential, grouped.Id, LogPosition.Start, Cancel);
        var lines = (await LogOf(500).ReadAsync(LogPosition.Start, 1 << 20, Cancel)).Lines;
        journal.Add(new JournalEntry(BacklogRecord.Read(lines[3])!.Key, JournalKind.Intent, lines[3].Next));
        await journal.WriteAsync(Cancel);
        var lane = await OpenAsync(grouped);
        List<(int Records, bool InDoubt)> calls = [];
        for (Lane.Turn turn; !(turn = await lane.NextTurnAsync(1, Cancel)).IsEmpty;)
        {
            calls.AddRange(turn.Records.Select(call => (call.Records.Count, call.OutcomeUnknown)));
            Finish(turn);
        }

        Assert.Equal([(1, false), (1, false), (1, false), (1, true), (2, false)], calls);
    }

    [Fact]
    public async Task ACreateInDoubtThatIsRenderedToSomethingElseNowIsForAPersonToDecide()
    {
        const string Tag = """{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"mapping":{"name":"NAME"}}""";
        await LogOf(10).AppendAsync([new BacklogRecord("1", null, Written.Now, RawJson.Of(Some.Json("""{"a":"first","b":"second"}""")))], BacklogJson.Web.BacklogRecord, Cancel);
        var journals = new Journals(azurite.Account, _time);
        Assert.Single((await (await OpenAsync(Written.Destination(Tag.Replace("NAME", "a")), journals)).NextTurnAsync(10, Cancel)).Records);

        // As after a crash.
        Assert.True(Assert.Single((await (await OpenAsync(Written.Destination(Tag.Replace("NAME", "a")))).NextTurnAsync(10, Cancel)).Records).OutcomeUnknown);
        var changed = Written.Destination(Tag.Replace("NAME", "b"));
        Assert.True((await (await OpenAsync(changed)).NextTurnAsync(10, Cancel)).IsEmpty);
        Assert.Contains((await new QuarantineStore(azurite.Account).ListAsync(changed.Id, 1000, Cancel)).Entries, entry => entry.Id == "1" && entry.Reason.Contains("It may have been sent before", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OneListIsSearchedByOneAtATimeAndAnotherBesides()
    {
        foreach (var (id, name) in new[] { ("1", "same"), ("2", "same"), ("3", "other") })
            await LogOf(10).AppendAsync([new BacklogRecord(id, null, Written.Now, RawJson.Of(Some.Json($$"""{"name":"{{name}}"}""")))], BacklogJson.Web.BacklogRecord, Cancel);
        var lane = await OpenAsync(Written.Destination("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"}}"""));
        var records = (await lane.NextTurnAsync(10, Cancel)).Records.SelectMany(call => call.Records).ToArray();
        var readBack = new ReadBack(TimeSpan.FromMinutes(6), (_, _) => true);
        var asked = new List<TaskCompletionSource<CallResult>>();
        var waited = 0;
        using var cut = new CancellationTokenSource();
        Task<ReadBack.Finding> FindAsync(PendingRecord record) => readBack.FindAsync(record, wasSentNow: true, Written.Now, _ =>
        {
            asked.Add(new TaskCompletionSource<CallResult>());
            return asked[^1].Task;
        }, () => waited++, cut.Token);
        var found = records.Select(FindAsync).ToArray();
        Assert.Equal((2, 1), (asked.Count, waited));
        asked[0].SetResult(Some.Answer(200, "[]"));
        await found[0];
        await Eventually.TrueAsync("the next one asks", () => Task.FromResult(asked.Count == 3), TimeSpan.FromSeconds(30));
        asked[1].SetResult(Some.Answer(200, "[]"));
        asked[2].SetResult(Some.Answer(200, "[]"));
        Assert.All(await Task.WhenAll(found), finding => Assert.Equal((false, false), (finding.Found, finding.Failed)));

        // Who waits for another's search ends with the drain.
        _ = FindAsync(records[0]);
        var waiting = FindAsync(records[1]);
        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task ASoundLineThatHoldsNoRecordIsQuarantinedAndKeepsNobodyFromItsTurn()
    {
        var deep = new RawJson(System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 64)) + "1" + new string('}', 64)));
        await LogOf(10).AppendAsync([new BacklogRecord("deep", null, Written.Now, deep)], BacklogJson.Web.BacklogRecord, Cancel);
        await AppendAsync(10, "1");
        var lane = await OpenAsync(Plain);
        Assert.Equal(["1"], Ids(await lane.NextTurnAsync(10, Cancel)));
        Assert.Contains((await new QuarantineStore(azurite.Account).ListAsync(Plain.Id, 1000, Cancel)).Entries, entry => entry.Kind == "damaged" && System.Text.Encoding.UTF8.GetString(entry.Raw!).Contains("deep", StringComparison.Ordinal));
    }

    private async Task<Lane> LaneWithAsync(int rollAtBlocks, params string[] ids)
    {
        await AppendAsync(rollAtBlocks, ids);
        return await OpenAsync();
    }

    private async Task<Lane> OpenAsync(Destination? destination = null, Journals? journals = null)
    {
        var backlogs = new Backlogs(azurite.Account);
        var backlog = await backlogs.FindAsync(_credential, Waiting.Id, Cancel);
        return await Lane.OpenAsync(destination ?? Waiting, backlog!, new CallsInFlight().ForDrain().ForLane(), backlogs, azurite.Account, journals ?? new Journals(azurite.Account, _time), new QuarantineStore(azurite.Account), _time, Cancel);
    }

    private async Task AppendAsync(int rollAtBlocks, params string[] ids)
    {
        var log = LogOf(rollAtBlocks);
        for (var number = 0; number < ids.Length; number++)
        {
            // One id twice: two records for one object.
            var id = ids.AsSpan(0, number).Contains(ids[number]) ? $"{ids[number]}-{number}" : ids[number];
            await log.AppendAsync([Record(id, ids[number])], BacklogJson.Web.BacklogRecord, Cancel);
        }
    }

    private AppendLog LogOf(int rollAtBlocks) => new(azurite.Account.Backlog, Backlogs.Prefix(_credential, Waiting.Id), rollAtBlocks);

    private static BacklogRecord Record(string id, string target) => new(id, null, Written.Now, RawJson.Of(Some.Json($$"""{"id":"{{target}}"}""")));

    private static IEnumerable<string> Ids(Lane.Turn turn) => turn.Records.SelectMany(call => call.Records).Select(record => record.Record.Id);

    private static IEnumerable<string> Targets(Lane.Turn turn) => turn.Records.Select(call => call.Request.Url.Segments[^1]);

    private static void Finish(Lane.Turn turn)
    {
        foreach (var call in turn.Records) Finish(call);
    }

    private static void Finish(PendingCall call)
    {
        foreach (var record in call.Records) record.Lane.Settle(record.Place, ClockifyFunctions.Delivery.Finish.Delivered);
    }
}
