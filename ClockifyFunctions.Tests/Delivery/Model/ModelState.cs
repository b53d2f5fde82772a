using System.Globalization;
using System.Text;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Journaling;

namespace ClockifyFunctions.Tests.Delivery.Model;

/// <summary>A line of the backlog, or a scheduled copy: record number, attempt, and whether an earlier call may have arrived.</summary>
internal readonly record struct Copy(int Record, int Attempt, bool MayHaveArrived)
{
    /// <summary>A unique number of the copy.</summary>
    public int Number => (((Record * 8) + Attempt) * 2) + (MayHaveArrived ? 1 : 0);
}

/// <summary>The state of a line that a drain has read.</summary>
/// <param name="Name">ready, verify, send, answered, postpone, journal, message or done.</param>
internal sealed record Phase(string Name, RecordState? State = null)
{
    public static readonly Phase Done = new("done");

    /// <summary>Whether the next record of the same target may begin, because the outcome of this one is in the journal.</summary>
    public bool HasEnded => Name is "journal" or "message" or "done";
}

/// <summary>The state of the whole system. Everything except <see cref="Drain"/> and the lines behind <see cref="Durable"/> survives a crash.</summary>
/// <param name="Journal">All lines; lines that are not durable yet are at the end.</param>
/// <param name="Bus">Copies that the broker has and that are not in the backlog.</param>
/// <param name="Drain">The phases by position in the backlog; null if no drain runs.</param>
/// <param name="Api">The records in the order in which they took effect.</param>
/// <param name="Events">Records whose response event the broker has accepted.</param>
/// <param name="Crashes">Number of crashes that may still happen.</param>
/// <param name="Redeliveries">Number of redeliveries that may still happen.</param>
/// <param name="Stops">Number of times that a drain may still stop before the backlog is empty.</param>
internal sealed record ModelState(
    IReadOnlyList<Copy> Backlog, int Cursor, IReadOnlyList<(int Record, int Place, RecordState State)> Journal, int Durable, IReadOnlyList<Copy> Bus,
    IReadOnlyDictionary<int, Phase>? Drain, string Api, int Events, int Crashes, int Redeliveries, int Stops)
{
    /// <summary>Equal states have equal keys.</summary>
    public string Key()
    {
        var key = new StringBuilder(64);
        foreach (var line in Backlog) Add(line.Number);
        Add(-1 - Cursor);
        foreach (var (record, place, state) in Journal) Add(record, place, Number(state));
        Add(-1 - Durable);
        foreach (var copy in Bus.Select(copy => copy.Number).Order()) Add(copy);
        Add(-1 - Events);
        foreach (var (place, phase) in (Drain ?? new Dictionary<int, Phase>()).OrderBy(phase => phase.Key)) Add(place, phase.Name.GetHashCode(StringComparison.Ordinal), phase.State is { } state ? Number(state) : -1);
        Add(Drain is null ? -1 : -2, Crashes, Redeliveries, Stops);
        return key.Append(Api).ToString();

        void Add(params ReadOnlySpan<int> numbers)
        {
            foreach (var number in numbers) key.Append(CultureInfo.InvariantCulture, $"{number},");
        }
    }

    private static int Number(RecordState state) => (((((int)state.Stage * 8) + state.Attempt) * 8) + state.Failures) * 2 + (state.MayHaveArrived ? 1 : 0);
}
