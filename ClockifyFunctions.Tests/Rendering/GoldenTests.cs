using System.Globalization;
using System.Text;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering;

/// <summary>
/// What goes over the wire for awkward records, as files that a person can read. To accept a change, run with
/// <c>UPDATE_GOLDEN=1</c> and look at the diff.
/// </summary>
public sealed class GoldenTests
{
    private const string Entry = """{"credential":"default","endpoint":"updateTimeEntry","inputs":{"workspaceId":"64a687e29ae1f428e7ebe301"},"validation":"warn","unknownAttributes":"warn"}""";
    private const string Manual = """{"credential":"default","method":"POST","url":"https://api.clockify.me/api/v1/x/{record.id}?t={record.t}","headers":"X-Id:{record.id}","contentType":"FORMAT"}""";

    public static TheoryData<string> Names => [.. Records.Select(record => record.Name)];

    private static IEnumerable<(string Name, string Json)> Records =>
    [
        ("unicode", """{"id":"1","t":"ÄÖÜ ß Ω 漢字 日本語 e\u0301 ﬁ \u00a0"}"""),
        ("right-to-left", """{"id":"1","t":"שלום عالم \u202Eevil\u202C"}"""),
        ("emoji", """{"id":"1","t":"👩‍👩‍👧‍👦 🇩🇪 \ud83d\ude00"}"""),
        ("quotes", """{"id":"1","t":"\"double\" 'single' \\back\\ </script> & &amp; ]]> %2F {record.x} {{y}}"}"""),
        ("long-text", $$"""{"id":"1","t":"{{new string('x', 10_000)}}"}"""),
        ("deep", $$"""{"id":"1","t":"d","deep":{{string.Concat(Enumerable.Repeat("{\"a\":[", 25))}}1{{string.Concat(Enumerable.Repeat("]}", 25))}}}"""),
        ("numbers", """{"id":"1","t":0.1,"n":[9007199254740993,1e400,-0.0,1.10,1E+2,0.30000000000000004,123456789012345678901234567890,5e-324,-1]}"""),
        ("duplicate-keys", """{"id":"1","t":"first","t":"second","a":1,"a":2}"""),
        ("null", """{"id":"1","t":"x","a":null,"b":{"c":null},"d":[null]}"""),
        ("empty", """{"id":"1","t":"","a":[],"b":{},"":"no name","c":[[],[{}]]}"""),
        ("controls", """{"id":"1","t":"x","a":"\u0000\u0001\t\n\r\u001f\u007f\u2028\ufffe"}"""),
        ("numeric-id", """{"id":1.50,"t":true}"""),
        ("path-in-id", """{"id":"../../v2?x=1#y/%2e%2e","t":"&x=1#"}"""),
        ("missing-id", """{"t":"x"}"""),
        ("null-id", """{"id":null,"t":"x"}"""),
        ("list-id", """{"id":["1"],"t":"x"}"""),
        ("unpaired-surrogate", """{"id":"1","t":"\ud83d"}"""),
        ("header-injection", """{"id":"1\r\nX-Api-Key: stolen","t":"x"}"""),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheWireFormatOfAnUnusualRecordDoesNotChange(string name)
    {
        var record = Records.Single(record => record.Name == name).Json;
        var text = new StringBuilder();
        foreach (var (title, config) in new[] { ("endpoint", Entry), ("json", Manual.Replace("FORMAT", "json")), ("xml", Manual.Replace("FORMAT", "xml")), ("form", Manual.Replace("FORMAT", "form")) })
            text.Append(CultureInfo.InvariantCulture, $"## {title}\n").Append(Shown(RequestRenderer.Render(Written.Destination(config), Some.Json(record), Written.Now)));
        Golden.Same($"Rendering/{name}.txt", text.ToString());
    }

    private static string Shown(RenderResult result)
    {
        var text = new StringBuilder();
        if (result.Request is { } request)
        {
            text.Append(CultureInfo.InvariantCulture, $"{request.Method} {request.Url.AbsoluteUri}\nContent-Type: {request.ContentType}\n");
            foreach (var (header, value) in request.Headers) text.Append(CultureInfo.InvariantCulture, $"{header}: {value}\n");
            text.Append('\n').Append(Encoding.UTF8.GetString(request.Body.Span)).Append('\n');
        }

        foreach (var problem in result.Problems) text.Append(CultureInfo.InvariantCulture, $"{(result.Request is null ? "refused" : "warning")} {problem}\n");
        return text.Append('\n').ToString();
    }
}
