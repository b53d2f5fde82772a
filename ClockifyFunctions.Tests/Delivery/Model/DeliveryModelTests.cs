using ClockifyFunctions.Delivery;
using ClockifyFunctions.Journaling;

namespace ClockifyFunctions.Tests.Delivery.Model;

/// <summary>
/// Crashes, lost answers, stops and redelivered messages in every order, for a few records. One create is examined exhaustively. The other
/// cases use random walks with a fixed seed, each until no further step is possible.
/// </summary>
public class DeliveryModelTests
{
    private const int Walks = 1500, LongestWalk = 400;

    [Theory]
    [InlineData(3, 0)]
    [InlineData(1, 1)]
    public void OneCreateTakesEffectOnceDespiteAnyInterruption(int crashes, int stops)
    {
        int[] records = [DeliveryModel.Create];
        var start = DeliveryModel.Start(records, crashes, 0, stops);
        var seen = new Dictionary<string, (string? Before, string Step)>(StringComparer.Ordinal) { [start.Key()] = (null, "start") };
        var queue = new Queue<(ModelState State, string Key)>([(start, start.Key())]);
        var ends = 0;
        while (queue.TryDequeue(out var next))
        {
            var steps = DeliveryModel.Steps(next.State).ToArray();
            if (steps.Length == 0) ends++;
            if (FaultOf(next.State, records, isEnd: steps.Length == 0) is { } fault) Assert.Fail($"{fault}: {string.Join(" > ", PathTo(next.Key, seen))}");
            foreach (var (step, after) in steps)
                if (after.Key() is var key && seen.TryAdd(key, (next.Key, step))) queue.Enqueue((after, key));
        }

        Assert.True(seen.Count > 10_000 && ends > 100, $"Only {seen.Count} states were examined, {ends} of them final.");
    }

    [Theory]
    [InlineData(1, 2, 1, DeliveryModel.Create)]
    [InlineData(2, 0, 1, 0, 1)]
    [InlineData(1, 2, 0, 0, 1)]
    [InlineData(2, 1, 1, 0, 1, DeliveryModel.Create)]
    public void RandomWalksLoseNothingRepeatNoCreateAndKeepTheOrderOfUpdates(int crashes, int redeliveries, int stops, params int[] records)
    {
        var random = new Random(20261201);
        var ends = 0;
        for (var walk = 0; walk < Walks; walk++)
        {
            var (state, path) = (DeliveryModel.Start(records, crashes, redeliveries, stops), new List<string>());
            for (var isEnd = false; !isEnd && path.Count < LongestWalk;)
            {
                var steps = DeliveryModel.Steps(state).ToArray();
                isEnd = steps.Length == 0;
                if (FaultOf(state, records, isEnd) is { } fault) Assert.Fail($"{fault}: {string.Join(" > ", path)}");
                if (isEnd)
                {
                    ends++;
                    break;
                }

                (var step, state) = steps[random.Next(steps.Length)];
                path.Add(step);
            }
        }

        Assert.True(ends > Walks * 0.9, $"Only {ends} of {Walks} walks reached a final state.");
    }

    private static string? FaultOf(ModelState state, int[] records, bool isEnd)
    {
        if (state.Api.Count(applied => applied == '2') > 1) return "A create took effect twice";
        // If a record has used all attempts of the model, no further step is possible.
        if (!isEnd || state.Drain is not null || state.Backlog.Any(line => line.Attempt >= DeliveryModel.MostAttempts - 1)) return null;
        if (records.Any(record => !state.Api.Contains((char)('0' + record)))) return "A record is lost";
        if (records.Contains(1) && state.Api.Last(applied => applied is '0' or '1') != '1') return "An older update came last";
        if (records.Any(record => (state.Events & (1 << record)) == 0)) return "An event is missing";
        return records.Any(record => state.Journal.LastOrDefault(line => line.Record == record).State?.Stage != Stage.Delivered) ? "A record has no outcome" : null;
    }

    private static Stack<string> PathTo(string key, Dictionary<string, (string? Before, string Step)> seen)
    {
        var path = new Stack<string>();
        for (string? at = key; at is not null; at = seen[at].Before) path.Push(seen[at].Step);
        return path;
    }
}
