using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Templates;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering;

/// <summary>A quick check accepts most records. It must not accept a record that the check of each field would refuse.</summary>
public class PreflightTests
{
    private const string Id = "66f1a0c2b7d14e3a9c5d0b01";

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1.5", "90071992547409931", "{}", "[]", """{"amount":5000}""", """{"amount":-1}""", """[{}]""",
        """ "" """, """ "x" """, """ "ab" """, """ "a<b" """, """ "ä" """, """ "a\nb" """, """ "\u0041" """, $""" "{new string('x', 251)}" """, $""" "{new string('x', 3001)}" """, $""" "{new string('x', 20000)}" """,
        $""" "{Id}" """, $""" "{Id[1..]}" """, $""" "{Id[1..]}g" """, $"""["{Id}"]""", $"""["{Id}","x"]""", """[true]""", """[null]""", $"[{string.Join(',', Enumerable.Repeat($"\"{Id}\"", 51))}]",
        """ "2026-07-10T05:30:00Z" """, """ "2026-07-10T05:30:00+02:00" """, """ "2026-07-10T05:30:00-13:59" """, """ "2026-07-10T05:30:00+14:30" """, """ "2026-07-10T05:30:00" """, """ "2026-07-10 05:30:00Z" """,
        """ "2026-02-29T05:30:00Z" """, """ "2024-02-29T05:30:00Z" """, """ "2026-13-10T05:30:00Z" """, """ "2026-00-10T05:30:00Z" """, """ "2026-07-10T24:00:00Z" """, """ "2026-07-10T23:60:00Z" """, """ "2026-07-10T23:59:60Z" """,
        """ "0000-07-10T05:30:00Z" """, """ "0001-01-01T00:00:00+02:00" """, """ "9999-12-31T23:59:59Z" """, """ "2026-07-10T05:30:00z" """, """ "2o26-07-10T05:30:00Z" """, """ "2026-07-10T05:30:00+2:000" """, """ "2026-07-10T05:30:00.5Z" """,
        """ "PT1H" """, """ "PT90M" """, """ "PTH" """, """ "PT1H30M" """, """ "P1D" """, """ "PT1.5S" """, """ "PT-1H" """, """ "1H" """,
        """ "#AB47BC" """, """ "#AB47BG" """, """ "AB47BC" """, """ "#AB47B" """, """ "a@b" """, """ "a@b.c" """, """ "@b" """, """ "a@" """, """ "a b@c" """, """ "a@b@c" """, """ "a\t@b" """, """["a@b"]""", """["a"]""",
        """ "REGULAR" """, """ "BREAK" """, """ "regular" """, """ "ACTIVE" """, """ "DONE" """,
    ];

    public static TheoryData<string> Endpoints => [.. EndpointTemplate.All.Where(row => row.TakesBody).Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Endpoints))]
    public void TheQuickCheckAcceptsOnlyRecordsThatTheFullCheckAccepts(string name)
    {
        var endpoint = EndpointTemplate.Find(name)!;
        string[] names = [.. endpoint.Fields.Select(field => field.Name), .. endpoint.Lost.Select(lost => lost.Name), "unknown", "st\\u0061rt", "n\\u0061me"];
        var (passed, refused) = (0, 0);
        foreach (var destination in Destinations(endpoint))
            foreach (var first in names)
                foreach (var value in Values)
                    foreach (var second in new[] { "", $",\"{first}\":\"x\"", ",\"name\":\"Some\",\"start\":\"2026-07-10T05:30:00Z\"" })
                    {
                        var record = Some.Json($"{{\"{first}\":{value}{second}}}");
                        var (expected, actual) = (Problems(record, destination, Preflight.CheckEach), Problems(record, destination, Preflight.Check));
                        if (!expected.SequenceEqual(actual)) Assert.Fail($"{record}: the quick check reports '{string.Join(" ", actual)}' instead of '{string.Join(" ", expected)}'.");
                        if (expected.Length == 0) passed++;
                        else refused++;
                    }

        Assert.True(passed > 0 && refused > 0, $"{passed} passed, {refused} refused: nothing is compared.");

        Problem[] Problems(JsonElement record, Destination destination, Action<Destination, EndpointTemplate, JsonElement, IReadOnlySet<string>, ICollection<Problem>, ICollection<Problem>> check)
        {
            var (errors, warnings) = (new List<Problem>(), new List<Problem>());
            check(destination, endpoint, record, new HashSet<string>(), errors, warnings);
            return [.. errors, .. warnings];
        }
    }

    /// <summary>Destinations with each combination of update mode, unknown attributes and timers, including those that no config can produce.</summary>
    private static IEnumerable<Destination> Destinations(EndpointTemplate endpoint)
    {
        var plain = Examples.Destination(endpoint);
        foreach (var mode in Enum.GetValues<UpdateMode>())
            foreach (var unknown in new[] { UnknownAttributes.Reject, UnknownAttributes.Ignore })
                foreach (var timers in endpoint.TimerFields > 0 ? new[] { false, true } : [false])
                    yield return new Destination { Id = plain.Id, Credential = plain.Credential, Endpoint = endpoint, Method = plain.Method, Url = plain.Url, Taken = plain.Taken, UpdateMode = mode, UnknownAttributes = unknown, Timers = timers };
    }
}
