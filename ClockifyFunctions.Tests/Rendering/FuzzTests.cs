using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Rendering.Values;
using ClockifyFunctions.Templates;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering;

/// <summary>A fixed number of random cases with fixed seeds, so each run has the same cases. A failure names its seed.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 3000;

    private static readonly string[] Nasty =
    [
        "", ".", "..", "%2e", "%2e%2e", "/", "//", "\\", "a/b", "../..", "@evil.example", ":443", "http://evil.example/", "?", "#", "&a=b", ";", " ", "\t", "\r\n", "\r\nHost: evil",
        "\0", "\u0085", "\u2028", "é", "😀", "\u202e", "{record.id}", "}", "{", "\"", "\\\"", "</record>", "]]>", "%00", "%0d%0a", "+", "=", "１", "．．", "／", "x", "id-1",
    ];

    private static readonly string[] Pieces =
    [
        "https://", "http://", "api.clockify.me", "evil.example", "/", "?", "&", "#", "{record.id}", "{{t}}", "{now}", "{now-5:yyyy}", "{YYYY}", "{message.json}", "{", "}", "{{", "}}", "{x}", "..", ".", ":", "@", "\"", "\\",
        "%2e", " ", "a", "=", "{record.a.b}", "{record.}", "{now+99999999w}", "\n", "é", "[", "]", "{\"a\":", "null",
    ];

    [Fact]
    public void NoValueChangesTheHostOrAddsASegmentOrAHeaderLine()
    {
        var destination = Written.Destination("""
            {"credential":"default","method":"PUT","url":"https://api.clockify.me/api/v1/a/{record.id}/b/{record.t}-{record.id}/{record.t}{record.id}?q={record.t}&r={{id}}",
             "headers":{"X-One":"{record.t}","X-Two":"a {record.id} b"}}
            """);
        var (made, refused) = (0, 0);
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var record = Record(random);
            var (request, problems) = RequestRenderer.Render(destination, record, Written.Now);
            if (request is null)
            {
                Assert.NotEmpty(problems);
                refused++;
                continue;
            }

            made++;
            Assert.Equal("https://api.clockify.me", request.Url.GetLeftPart(UriPartial.Authority));
            Assert.True(request.Url.AbsolutePath.StartsWith("/api/v1/a/", StringComparison.Ordinal), $"seed {seed}");
            Assert.Equal(7, request.Url.AbsolutePath.Count(letter => letter == '/'));
            Assert.Equal(1, request.Url.Query.Count(letter => letter == '&'));
            Assert.Empty(request.Url.Fragment);
            Assert.Equal(2, request.Headers.Count);
            Assert.All(request.Headers, header => Assert.DoesNotContain(header.Value, char.IsControl));
            using (JsonDocument.Parse(request.Body)) { }
        }

        Assert.True(made > 100 && refused > 100, $"{made} made, {refused} refused");
    }

    [Fact]
    public void EveryConfigIsEitherADestinationOrAListOfProblemsAndEveryRecordARequestOrAListOfReasons()
    {
        var (valid, made, refused) = (0, 0, 0);
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var credential = Written.Credential();
            var config = Config(random);
            var isValid = Destination.TryCreate("some", config, new Dictionary<string, Credential> { ["default"] = credential }, out var destination, out var problems);
            Assert.Equal(isValid, problems.Count == 0);
            if (!isValid) continue;
            valid++;
            for (var i = 0; i < 5; i++)
            {
                if (RequestRenderer.Render(destination!, Record(random), Written.Now).Request is not { } request)
                {
                    refused++;
                    continue;
                }

                made++;
                Assert.Null(credential.Refuse(request.Url));
                if (request.ContentType == "application/json" && !request.Body.IsEmpty) using (JsonDocument.Parse(request.Body)) { }
                if (request.ContentType == "application/xml" && destination!.Body is null && !request.Body.IsEmpty) System.Xml.Linq.XDocument.Parse(Encoding.UTF8.GetString(request.Body.Span));
            }
        }

        Assert.True(valid > 100 && made > 50 && refused > 50, $"{valid} valid, {made} made, {refused} refused");
    }

    [Fact]
    public void AnyTextBecomesAValueOfItsFieldOrAProblem()
    {
        string[] pieces = [.. Nasty, "1", "09", "2026", "-", ".", ",", ":", " ", "h", "m", "PT", "T", "Z", "+02:00", "#", "a@b.c", "66f1a0c2b7d14e3a9c5d0b01", "yes", "’", "99999999999999999999"];
        Assert.True(DateFormat.TryCreate("dd.MM.yyyy HH:mm", null, false, out var format, out _));
        ValueOptions[] options = [ValueOptions.None, new(format), new(At: new TimeOnly(9, 0)), new(Unit: DurationUnit.Seconds), new(Numbers: new NumberCulture(CultureInfo.GetCultureInfo("fr"))), new(Split: ",")];
        var (converted, refused) = (0, 0);
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, 1 + random.Next(7)).Select(_ => pieces[random.Next(pieces.Length)]));
            var value = JsonSerializer.SerializeToElement(text);
            var context = new RenderContext(value, Written.Now, random.Next(2) == 0 ? TimeZoneInfo.FindSystemTimeZoneById("America/New_York") : null, Resolved.Nothing);
            foreach (var type in Enum.GetValues<FieldType>())
                foreach (var option in options)
                {
                    var result = ValueConversion.Convert(value, new TemplateField("some", type, "") { Unit = random.Next(2) == 0 ? MoneyUnit.Minor : null, Values = ["YES"] }, option, context);
                    Assert.False(result is { Json: not null, Problem: not null });
                    if (result.Problem is not null) refused++;
                    if (result.Json is not { } json) continue;
                    using (JsonDocument.Parse(json)) converted++;
                }
        }

        Assert.True(converted > 100 && refused > 100, $"{converted} converted, {refused} refused");
    }

    [Fact]
    public void AnyTextIsEitherATemplateOrAListOfProblems()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var text = Text(random, 1 + random.Next(8));
            foreach (var kind in Enum.GetValues<TemplateKind>())
            {
                var problems = new List<Problem>();
                var template = Template.Parse(text, kind, new Dictionary<string, Template>(), "$", problems);
                Assert.Equal(template is null, problems.Count > 0);
                template?.Evaluate(new RenderContext(Record(random), Written.Now, TimeZoneInfo.Utc, Resolved.Nothing), problems, "{}");
            }
        }
    }

    private static string Text(Random random, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static JsonElement Record(Random random)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = random.Next(2) == 0 ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var name in new[] { "id", "t", "a", "start", "name", "b" })
            {
                if (random.Next(12) == 0) continue;
                writer.WritePropertyName(name);
                Value(writer, random, 0);
            }

            writer.WriteEndObject();
        }

        using var json = JsonDocument.Parse(buffer.ToArray());
        return json.RootElement.Clone();
    }

    private static void Value(Utf8JsonWriter writer, Random random, int depth)
    {
        switch (random.Next(depth < 4 ? 14 : 12))
        {
            case 0: writer.WriteNullValue(); break;
            case 1: writer.WriteBooleanValue(random.Next(2) == 0); break;
            case 2: writer.WriteRawValue(new[] { "0", "-1", "1e400", "1.10", "9007199254740993" }[random.Next(5)]); break;
            case 12:
                writer.WriteStartArray();
                for (var i = random.Next(3); i > 0; i--) Value(writer, random, depth + 1);
                writer.WriteEndArray();
                break;
            case 13:
                writer.WriteStartObject();
                for (var i = random.Next(3); i > 0; i--)
                {
                    writer.WritePropertyName(Nasty[random.Next(Nasty.Length)]);
                    Value(writer, random, depth + 1);
                }

                writer.WriteEndObject();
                break;
            case var half when half < 8: writer.WriteStringValue(Nasty[random.Next(Nasty.Length)]); break;
            default: writer.WriteStringValue($"v{random.Next(100)}"); break;
        }
    }

    private static readonly string[] Mappings =
    [
        "\"t\"", """{"value":[1]}""", """{"from":"t","format":"dd.MM.yyyy HH:mm"}""", """{"date":"t","time":"a"}""", """{"from":"a","at":"09:00"}""", """{"from":"t","unit":"minutes"}""", """{"from":"a","split":","}""",
        """{"from":"t","type":"number","culture":"de"}""", """{"from":"t","culture":"de"}""", """{"from":"b","type":"text"}""", """{"from":7}""",
    ];

    private static DestinationConfig Config(Random random)
    {
        string? Maybe(params string?[] values) => random.Next(4) > 0 ? null : values[random.Next(values.Length)];
        var isManual = random.Next(2) == 0;
        var endpoint = EndpointTemplate.All[random.Next(EndpointTemplate.All.Count)];
        return new DestinationConfig
        {
            Credential = "default",
            Endpoint = isManual ? null : endpoint.Name,
            Inputs = isManual ? null : endpoint.Inputs.ToDictionary(input => input.Name, _ => random.Next(6) == 0 ? Text(random, 1) : "x1"),
            Method = isManual ? new[] { "POST", "PUT", "PATCH", "DELETE", "GET" }[random.Next(5)] : null,
            Url = isManual ? (random.Next(4) == 0 ? "" : "https://api.clockify.me/") + Text(random, 1 + random.Next(3)) : null,
            ContentType = isManual ? Maybe("json", "xml", "form", "multipart", "yaml") : null,
            BodyTemplate = isManual ? Maybe("{message.json}", Text(random, 3)) : null,
            Headers = Maybe("\"a:b,c:{record.id}\"", "{\"X\":\"{now}\"}", "5", "\"Host:x\"") is { } headers ? Some.Json(headers) : null,
            IdFrom = isManual ? null : Maybe("t", "{record.t}", "..", Text(random, 2)),
            ExcludeAttributes = Maybe("a", "a.b") is { } excluded ? [excluded] : null,
            TimeZone = Maybe("Europe/Berlin", "UTC", "user"),
            Mapping = Maybe(Mappings) is { } source ? new Dictionary<string, JsonElement> { [isManual ? "x" : endpoint.Fields.Select(field => field.Name).ElementAtOrDefault(random.Next(5)) ?? "x"] = Some.Json(source) } : null,
            Convert = random.Next(3) == 0 ? random.Next(2) == 0 : null,
            UnknownAttributes = isManual ? null : Maybe("warn", "reject") ?? "ignore",
            Validation = Maybe("off", "warn", "reject") ?? "off",
            UpdateMode = endpoint.Merge is not null ? Maybe("merge") : null,
        };
    }
}
