using ClockifyFunctions.Delivery;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Delivery.Model;

/// <summary>
/// All possible next steps of the system: drains, crashes, lost answers, redelivered messages. The model uses the rules of the app:
/// <see cref="Reading"/>, <see cref="Decision"/> and <see cref="JournalMemory"/>. Records 0 and 1 update one object, record 2 is a create.
/// </summary>
internal static class DeliveryModel
{
    public const int Create = 2;

    /// <summary>Calls after this number of attempts succeed, and no record waits behind another for longer. This makes the model finite.</summary>
    public const int MostAttempts = 4;

    private const int LastFailingAttempt = 2;

    private static readonly DateTimeOffset Now = Written.Now;
    private static readonly RawJson Event = new("{}"u8.ToArray());

    public static ModelState Start(IEnumerable<int> records, int crashes, int redeliveries, int stops) =>
        new([.. records.Select(record => new Copy(record, 0, false))], 0, [], 0, [], null, "", 0, crashes, redeliveries, stops);

    public static IEnumerable<(string Step, ModelState After)> Steps(ModelState state)
    {
        foreach (var copy in state.Bus.Distinct())
        {
            yield return ("ingest", state with { Backlog = [.. state.Backlog, copy], Bus = Without(state.Bus, copy) });
            if (state.Redeliveries > 0) yield return ("ingest, to be redelivered", state with { Backlog = [.. state.Backlog, copy], Redeliveries = state.Redeliveries - 1 });
        }

        if (state.Redeliveries > 0)
            foreach (var line in state.Backlog.Where(line => line.Attempt == 0).Distinct())
                yield return ("redeliver", state with { Backlog = [.. state.Backlog, line], Redeliveries = state.Redeliveries - 1 });
        if (state.Drain is not { } phases)
        {
            if (state.Cursor < state.Backlog.Count) yield return ("drain", state with { Drain = new Dictionary<int, Phase>() });
            yield break;
        }

        if (state.Crashes > 0) yield return ("crash", state with { Drain = null, Crashes = state.Crashes - 1, Journal = [.. state.Journal.Take(state.Durable)] });
        // The journal is flushed before the cursor moves.
        if (phases.GetValueOrDefault(state.Cursor) == Phase.Done)
            yield return ("cursor", Flush(state) with { Cursor = state.Cursor + 1, Drain = phases.Where(phase => phase.Key != state.Cursor).ToDictionary() });
        if (state.Cursor == state.Backlog.Count && phases.Count == 0) yield return ("end", state with { Drain = null });
        else if (state.Stops > 0 && phases.Values.All(phase => phase.Name is not ("answered" or "postpone" or "journal"))) yield return ("stop", Stop(state));
        var memory = MemoryOf(state);
        foreach (var step in Enumerable.Range(state.Cursor, state.Backlog.Count - state.Cursor).SelectMany(place => StepsAt(state, phases, place, memory))) yield return step;
    }

    private static IEnumerable<(string Step, ModelState After)> StepsAt(ModelState state, IReadOnlyDictionary<int, Phase> phases, int place, JournalMemory memory)
    {
        var line = state.Backlog[place];
        switch (phases.GetValueOrDefault(place))
        {
            case null when Enumerable.Range(state.Cursor, place - state.Cursor).All(phases.ContainsKey):
                yield return ("read", To(Read(state, phases, place, memory)));
                break;
            case { Name: "ready", State: { } known } when Enumerable.Range(state.Cursor, place - state.Cursor).All(before => TargetOf(state.Backlog[before].Record) != TargetOf(line.Record) || phases[before].HasEnded):
                if (memory.Front(TargetOf(line.Record), known.Sequence ?? PlaceOf(place)) is { } front) yield return ("behind", To(new Phase("postpone", Decision.Behind(known, front, Now))));
                else if (known.MayHaveArrived && line.Record == Create) yield return ("verify", To(new Phase("verify", known)));
                else yield return Started(known);
                break;
            case { Name: "verify", State: { } known }:
                if (state.Api.Contains(Digit(line.Record))) yield return ("found", To(new Phase("answered", known)));
                else yield return Started(known with { MayHaveArrived = false });
                break;
            case { Name: "send", State: { } known }:
                yield return ("answered", To(new Phase("answered", known)) with { Api = state.Api + Digit(line.Record) });
                if (known.Attempt >= LastFailingAttempt) break;
                yield return ("failed", To(Postponed(known, line.Record, AnswerKind.NotApplied)));
                yield return ("lost, applied", To(Postponed(known, line.Record, AnswerKind.Unanswered)) with { Api = state.Api + Digit(line.Record) });
                yield return ("lost, not applied", To(Postponed(known, line.Record, AnswerKind.Unanswered)));
                break;
            case { Name: "answered" }:
                yield return ("note outcome", Noted(state, place, new RecordState(Stage.Delivered), new Phase("message")));
                break;
            case { Name: "postpone", State: { } next } when next.Attempt < MostAttempts:
                var kept = next with { Sequence = next.Sequence ?? PlaceOf(place), Target = TargetOf(line.Record), Digest = "" };
                yield return ("note postponed", Noted(state, place, kept, new Phase("journal", kept)));
                break;
            case { Name: "journal", State: { } noted }:
                yield return ("journal postponed", Flush(To(new Phase("message", noted))));
                break;
            case { Name: "message", State: { } next }:
                yield return ("send copy", To(Phase.Done) with { Bus = [.. state.Bus, new Copy(line.Record, next.Attempt, next.MayHaveArrived)] });
                break;
            case { Name: "message" }:
                yield return ("send event", To(Phase.Done) with { Events = state.Events | (1 << line.Record) });
                break;
        }

        ModelState To(Phase phase) => state with { Drain = With(phases, place, phase) };

        (string, ModelState) Started(RecordState known)
        {
            var started = known with { Stage = Stage.Started, LastSentAt = Now };
            return ("start", Flush(Noted(state, place, started, new Phase("send", started))));
        }
    }

    private static Phase Read(ModelState state, IReadOnlyDictionary<int, Phase> phases, int place, JournalMemory memory)
    {
        var line = state.Backlog[place];
        // Like a lane, which knows its calls in flight.
        if (phases.Any(phase => phase.Value != Phase.Done && state.Backlog[phase.Key] is var other && other.Record == line.Record && other.Attempt == line.Attempt)) return Phase.Done;
        var known = memory.Find(Id(line.Record));
        return Reading.Of(line.Attempt, line.MayHaveArrived, () => "", known?.State, known is { IsPending: true } && known.Place == PlaceOf(place), Now) switch
        {
            Reading.Begin begin => new Phase("ready", begin.State),
            Reading.SendAgain => new Phase("message", known!.State.IsFinished ? null : known.State),
            Reading.Pass => Phase.Done,
            var other => throw new InvalidOperationException($"A genuine copy was not trusted: {other}."),
        };
    }

    private static Phase Postponed(RecordState known, int record, AnswerKind answer)
    {
        var when = new Circumstances(record == Create ? Repeat.Verifiable : Repeat.Repeatable, false, false, TimeSpan.FromHours(1), null);
        return new Phase("postpone", ((Decision.Postpone)Decision.Of(known, answer, when, Now, 0)).State);
    }

    /// <summary>A drain that stops: records that were started and not sent are waiting again. Nothing else changes.</summary>
    private static ModelState Stop(ModelState state)
    {
        var lines = state.Drain!.Where(phase => phase.Value.Name == "send").Select(phase => (state.Backlog[phase.Key].Record, phase.Key, phase.Value.State! with { Stage = Stage.Waiting }));
        return Flush(state with { Journal = [.. state.Journal, .. lines], Drain = null, Stops = state.Stops - 1 });
    }

    private static ModelState Noted(ModelState state, int place, RecordState known, Phase next) =>
        state with { Journal = [.. state.Journal, (state.Backlog[place].Record, place, known)], Drain = With(state.Drain!, place, next) };

    private static ModelState Flush(ModelState state) => state with { Durable = state.Journal.Count };

    private static JournalMemory MemoryOf(ModelState state)
    {
        var memory = new JournalMemory();
        memory.BeginDrain(state.Cursor == 0 ? LogPosition.Start : PlaceOf(state.Cursor - 1));
        foreach (var (record, place, known) in state.Journal) memory.Note(new JournalLine(Id(record), PlaceOf(place), known, Event: known.IsFinished ? Event : null), 1);
        return memory;
    }

    private static Dictionary<int, Phase> With(IReadOnlyDictionary<int, Phase> phases, int place, Phase phase) => new(phases) { [place] = phase };

    private static List<Copy> Without(IReadOnlyList<Copy> bus, Copy copy)
    {
        var rest = bus.ToList();
        rest.Remove(copy);
        return rest;
    }

    private static LogPosition PlaceOf(int place) => new(1, place + 1);

    private static ulong TargetOf(int record) => record == Create ? 2u : 1u;

    private static string Id(int record) => $"{record}";

    private static char Digit(int record) => (char)('0' + record);
}
