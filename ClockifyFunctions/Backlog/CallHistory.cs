using System.Collections.Immutable;
using System.Globalization;

namespace ClockifyFunctions.Backlog;

/// <summary>
/// The number of calls per second of a destination, for the two minutes before its last call. It is stored in the metadata of the cursor,
/// so pages that show rates need no other data. Immutable. Two histories with equal seconds are equal.
/// </summary>
internal sealed class CallHistory : IEquatable<CallHistory>
{
    /// <summary>The number of seconds that the console shows. As text they use about 400 of the 8,192 bytes of blob metadata.</summary>
    public const int Span = 120;

    public static readonly CallHistory None = new([]);

    private CallHistory(ImmutableArray<Second> seconds) => Seconds = seconds;

    /// <summary>The seconds in which calls were sent, in order.</summary>
    public ImmutableArray<Second> Seconds { get; }

    /// <summary>Returns the history with one more call. Calls can be added in any order, because responses arrive in any order.</summary>
    /// <param name="sentAt">The time of the permit, not of the response, because rate limits apply to sending.</param>
    /// <param name="throttled">Whether the response was 429.</param>
    public CallHistory With(DateTimeOffset sentAt, bool throttled)
    {
        var at = sentAt.ToUnixTimeSeconds();
        if (Seconds is [.., var latest] && at <= latest.At - Span) return this;
        var place = Seconds.Length;
        while (place > 0 && Seconds[place - 1].At >= at) place--;
        var isThere = place < Seconds.Length && Seconds[place].At == at;
        var second = isThere ? Seconds[place] : new Second(at, 0, 0);
        second = second with { Calls = second.Calls + 1, Throttled = second.Throttled + (throttled ? 1 : 0) };
        var seconds = isThere ? Seconds.SetItem(place, second) : Seconds.Insert(place, second);
        var old = 0;
        while (seconds[old].At <= seconds[^1].At - Span) old++;
        return new CallHistory(old == 0 ? seconds : seconds.RemoveRange(0, old));
    }

    /// <summary>Writes <c>first;calls[.throttled],…</c>: the first second in Unix time, then one item per second; an empty item is 0.</summary>
    public string Format()
    {
        if (Seconds.IsEmpty) return "";
        var items = new string[Seconds[^1].At - Seconds[0].At + 1];
        foreach (var (at, calls, throttled) in Seconds)
            items[at - Seconds[0].At] = string.Create(CultureInfo.InvariantCulture, $"{calls}{(throttled > 0 ? $".{throttled}" : "")}");
        return string.Create(CultureInfo.InvariantCulture, $"{Seconds[0].At};{string.Join(',', items)}");
    }

    /// <summary>Parses the output of <see cref="Format"/>. Any other text returns <see cref="None"/>, so no rate is shown.</summary>
    public static CallHistory Parse(string? text)
    {
        if (text?.Split(';') is not [var firstText, var list] || !long.TryParse(firstText, NumberStyles.None, CultureInfo.InvariantCulture, out var first)) return None;
        var seconds = ImmutableArray.CreateBuilder<Second>();
        foreach (var (index, item) in list.Split(',').Index())
        {
            if (item.Length == 0) continue;
            var parts = item.Split('.');
            var throttled = 0;
            if (!TryNumber(parts[0], out var calls) || (parts.Length > 1 && !TryNumber(parts[1], out throttled))) return None;
            seconds.Add(new Second(first + index, calls, throttled));
        }

        return new CallHistory(seconds.DrainToImmutable());
    }

    public bool Equals(CallHistory? other) => other is not null && Seconds.SequenceEqual(other.Seconds);

    public override bool Equals(object? obj) => Equals(obj as CallHistory);

    public override int GetHashCode() => Seconds.IsEmpty ? 0 : HashCode.Combine(Seconds.Length, Seconds[^1]);

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <param name="At">Unix time in seconds.</param>
    /// <param name="Throttled">The part of the calls that was answered with 429.</param>
    internal readonly record struct Second(long At, int Calls, int Throttled);
}
