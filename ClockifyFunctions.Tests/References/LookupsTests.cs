using ClockifyFunctions.Destinations;
using ClockifyFunctions.References;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.References;

/// <summary>A need that another record has met meanwhile costs no call.</summary>
public sealed class LookupsTests : ILookupCalls
{
    private static readonly ListKey Tags = new("64a687e29ae1f428e7ebe303", "tags");

    private readonly FakeTimeProvider _time = new();
    private readonly Lists _lists;
    private readonly Lookups _lookups;
    private int _calls;

    public LookupsTests()
    {
        _lists = SomeLists.Create(_time);
        _lookups = SomeLists.LookupsOf(_lists, _time);
        var first = new Snapshot(EndpointCatalog.Lookups[Tags.List], Tags, _time.GetUtcNow());
        first.AddPages(1, isLast: false, []);
        _lists.Note(first);
    }

    [Fact]
    public async Task APageIsReadOnce()
    {
        var second = Need.Page.After(_lists.Find(Tags), Tags);
        await _lookups.MeetAsync(second, this);
        await _lookups.MeetAsync(second, this);
        Assert.Equal((1, 2), (_calls, _lists.Find(Tags)!.Pages));
        await _lookups.MeetAsync(Need.Page.After(_lists.Find(Tags), Tags), this);
        Assert.Equal((2, 3), (_calls, _lists.Find(Tags)!.Pages));
    }

    [Fact]
    public async Task ANameIsSearchedOnceAMinute()
    {
        var search = new Need.Search(Tags, "name", "Urgent");
        await _lookups.MeetAsync(search, this);
        await _lookups.MeetAsync(search, this);
        Assert.Equal(1, _calls);
        _time.Advance(TimeSpan.FromMinutes(1));
        await _lookups.MeetAsync(search, this);
        Assert.Equal(2, _calls);
    }

    Task<CallResult> ILookupCalls.CallAsync(RenderedRequest request) =>
        Task.FromResult(Some.Answer(200, $$"""[{"id":"66f1a0c2b7d14e3a9c5d0d{{++_calls:00}}","name":"Urgent {{_calls}}"}]""") with { Expected = request.Answer });

    Task<bool> ILookupCalls.HasNoRightAsync() => Task.FromResult(false);

    DateTimeOffset? ILookupCalls.MayTakeEffectUntil(string creation) => null;

    Task ILookupCalls.BeginAsync(string creation) => Task.CompletedTask;

    void ILookupCalls.End(string creation, string? entityId)
    {
    }

    Task ILookupCalls.DelayUntilAsync(DateTimeOffset time) => Task.CompletedTask;
}
