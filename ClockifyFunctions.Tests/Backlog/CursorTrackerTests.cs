using ClockifyFunctions.Backlog;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Tests.Backlog;

public class CursorTrackerTests
{
    [Fact]
    public void TheCursorPassesARecordOnlyWhenAllRecordsBeforeItAreFinished()
    {
        var tracker = new CursorTracker(Cursor.AtStart);
        var first = tracker.Begin(new LogPosition(1, 10));
        var second = tracker.Begin(new LogPosition(1, 20));
        var third = tracker.Begin(new LogPosition(1, 30));

        tracker.Settle(second, Finish.Quarantined);
        Assert.Equal(Cursor.AtStart, tracker.Cursor);
        tracker.Settle(first, Finish.Delivered);
        Assert.Equal(new Cursor(new LogPosition(1, 20), 1, 1), tracker.Cursor);
        Assert.False(tracker.IsIdle);
        tracker.Settle(third, Finish.Passed);
        Assert.Equal(new Cursor(new LogPosition(1, 30), 1, 1), tracker.Cursor);
        Assert.True(tracker.IsIdle);
    }

    [Fact]
    public void AnErrorIsClearedWhenARecordIsDelivered()
    {
        var tracker = new CursorTracker(Cursor.AtStart);
        var (first, second) = (tracker.Begin(new LogPosition(1, 10)), tracker.Begin(new LogPosition(1, 20)));
        tracker.NoteError(new LastError(DateTimeOffset.UnixEpoch, "It failed."));
        tracker.Settle(first, Finish.Quarantined);
        Assert.Equal("It failed.", tracker.Cursor.LastError?.Message);
        tracker.Settle(second, Finish.Delivered);
        Assert.Null(tracker.Cursor.LastError);
    }
}
