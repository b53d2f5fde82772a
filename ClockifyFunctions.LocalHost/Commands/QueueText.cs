using System.Globalization;
using ClockifyFunctions.LocalHost.ServiceBus;

namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>Parses the description of a queue: its name and its properties, separated by commas.</summary>
internal static class QueueText
{
    private const string Known = "session, dead-letter-expired, duplicates=TIME, ttl=TIME, lock=TIME, max-deliveries=N, max-size=BYTES";

    /// <returns>The queue, or an empty sequence if the text is invalid. Every problem is added to <paramref name="problems"/>.</returns>
    public static IEnumerable<QueueOptions> Read(string text, List<string> problems)
    {
        var before = problems.Count;
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (parts[0].Length == 0 || parts[0].Contains('$', StringComparison.Ordinal) || parts[0].Contains(' ', StringComparison.Ordinal))
            problems.Add($"--queue: '{parts[0]}' is not a queue name. Use letters, digits, '.', '-', '_' and '/'.");
        var queue = new QueueOptions(parts[0]);
        foreach (var part in parts.Skip(1))
        {
            var (name, value) = part.Split('=', 2) is [var left, var right] ? (left, right) : (part, null);
            queue = (name, value) switch
            {
                ("session", null) => queue with { RequiresSession = true },
                ("dead-letter-expired", null) => queue with { DeadLetterOnExpiration = true },
                ("duplicates", not null) => queue with { DuplicateDetectionWindow = Time() },
                ("ttl", not null) => queue with { TimeToLive = Time() },
                ("lock", not null) => queue with { LockDuration = Time() },
                ("max-deliveries", not null) => queue with { MaxDeliveryCount = Number() },
                ("max-size", not null) => queue with { MaxMessageSize = Number() },
                _ => Unknown(),
            };

            TimeSpan Time()
            {
                // AMQP stores a time to live as 32 bits of milliseconds, which is about 49 days.
                if (TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero && time < TimeSpan.FromDays(49)) return time;
                problems.Add($"--queue {parts[0]}: {name}: '{value}' is not a time between 00:00:00 and 49.00:00:00.");
                return TimeSpan.FromSeconds(1);
            }

            int Number()
            {
                if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0) return number;
                problems.Add($"--queue {parts[0]}: {name}: '{value}' is not a whole number of at least 1.");
                return 1;
            }

            QueueOptions Unknown()
            {
                problems.Add($"--queue {parts[0]}: '{part}' is not a property of a queue. Use one of {Known}.");
                return queue;
            }
        }

        return problems.Count == before ? [queue] : [];
    }
}
