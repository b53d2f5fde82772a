using System.Text;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Sending;

/// <summary>If a response repeats the key, the key must not appear in events, logs, the quarantine or pages.</summary>
[Trait(Categories.Name, Categories.Security)]
public sealed class KeyInAnswersTests : IDisposable
{
    private const string Key = "MmY5ZDk+/zE0ZWU0NTk0LWFi";

    private readonly ClockifyClient _client = new(TimeProvider.System);

    public static TheoryData<string, string> Forms
    {
        get
        {
            var forms = new TheoryData<string, string>
            {
                { "plain", Key },
                { "JSON with escaped slash", Key.Replace("/", "\\/", StringComparison.Ordinal) },
                { "JSON in JSON", Key.Replace("/", "\\\\\\/", StringComparison.Ordinal) },
                { "\\u, lower case", Escaped("\\u{0:x4}") },
                { "\\u, upper case", Escaped("\\u{0:X4}") },
                { "\\u for some characters", Key.Replace("+", "\\u002b", StringComparison.Ordinal).Replace("M", "\\u004D", StringComparison.Ordinal) },
                { "percent-encoded", Uri.EscapeDataString(Key) },
                { "percent-encoded, lower case", Uri.EscapeDataString(Key).Replace("%2B", "%2b", StringComparison.Ordinal).Replace("%2F", "%2f", StringComparison.Ordinal) },
                { "percent-encoded whole", Escaped("%{0:x2}") },
                { "HTML, decimal", Escaped("&#{0};") },
                { "HTML, hexadecimal", Escaped("&#x{0:X};") },
                { "lower case, as HTTP/2 writes header names", Key.ToLowerInvariant() },
            };
            foreach (var before in new[] { "", "a", "ab", "key:", "X-Api-Key: " })
                foreach (var after in new[] { "", "b", "\r\n" })
                {
                    var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(before + Key + after));
                    forms.Add($"base64 of '{before}', key, '{after.Trim()}'", encoded);
                    forms.Add($"base64 without padding, '{before}', '{after.Trim()}'", encoded.TrimEnd('='));
                    forms.Add($"base64url, '{before}', '{after.Trim()}'", encoded.TrimEnd('=').Replace('+', '-').Replace('/', '_'));
                    forms.Add($"base64, percent-encoded, '{before}', '{after.Trim()}'", Uri.EscapeDataString(encoded));
                }

            return forms;
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task TheKeyIsReplacedInTheBodyInEveryForm(string form, string text)
    {
        var result = await AnswerAsync(FixedResponseServer.Ok($$"""{"id":"1","message":"<{{text}}>"}"""));
        AssertHidden(form, text, result.Body.ToString());
        Assert.StartsWith("""{"id":"1","message":"<""", result.Body.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(">\"}", result.Body.ToString(), StringComparison.Ordinal);
        Assert.Equal(200, result.Status);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task TheKeyIsReplacedInContentTypeHeadersAndA401(string form, string text)
    {
        var answer = FixedResponseServer.Ok($"refused: {text}", $"text/plain; x={text}", $"X-Echo: before {text} after\r\nSet-Cookie: k={text}\r\nContent-Language: {text}\r\n");
        var result = await AnswerAsync(answer.Replace("200 OK", $"401 {text}", StringComparison.Ordinal));
        AssertHidden(form, text, result.Body.ToString());
        AssertHidden(form, text, result.ContentType!);
        string[] headers = [.. result.Headers!.Select(header => $"{header.Key}: {header.Value}")];
        Assert.Contains("***", Assert.Single(headers, header => header.StartsWith("X-Echo: before ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.All(headers, header => AssertHidden(form, text, header));
        AssertHidden(form, text, $"{result.Error}");
    }

    [Theory]
    [InlineData("HTTP/1.1 KEY\r\n\r\n")]
    [InlineData("KEY\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nKEY\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX y KEY: z\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: KEY\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nKEY\r\n")]
    public async Task TheKeyIsReplacedInTheErrorOfABrokenResponse(string answer)
    {
        var result = await AnswerAsync(answer.Replace("KEY", Key, StringComparison.Ordinal));
        AssertHidden("error", Key, $"{result.Error} {result.Body} {string.Join(' ', result.Headers ?? [])}");
    }

    [Fact]
    public async Task TheKeyIsReplacedInAHeaderName()
    {
        var key = Key.Replace("/", "-", StringComparison.Ordinal);
        var result = await AnswerAsync(FixedResponseServer.Ok("{}", headers: $"{key}: 1\r\n"), key);
        Assert.Contains("***", result.Headers!.Select(header => header.Key));
        Assert.All(result.Headers!, header => AssertHidden("name", key, header.Key));
    }

    /// <summary>A long body is truncated, possibly in the middle of the key.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(23)]
    public async Task ABodyTruncatedInTheMiddleOfTheKeyEndsBeforeTheKey(int charactersOfTheKey)
    {
        var result = await AnswerAsync(FixedResponseServer.Ok(new string(' ', ClockifyClient.MaxBody - charactersOfTheKey) + Key));
        Assert.Equal("***", result.Body.ToString().TrimStart());
    }

    [Fact]
    public async Task AResponseWithoutTheKeyIsNotChanged()
    {
        const string Body = """{"id":"64a687e29ae1f428e7ebe303","note":"MmY5ZDk 100% \u00e4 &amp; MmY5"}""";
        Assert.Equal(Body, (await AnswerAsync(FixedResponseServer.Ok(Body))).Body.ToString());
    }

    public void Dispose() => _client.Dispose();

    private static string Escaped(string format) => string.Concat(Key.Select(letter => string.Format(System.Globalization.CultureInfo.InvariantCulture, format, (int)letter)));

    /// <summary>Checks that neither the form itself nor the decoded key is visible. Parts of a base64 text contain at most a few bits of the key.</summary>
    private static void AssertHidden(string form, string text, string shown)
    {
        Assert.False(shown.Contains(text, StringComparison.OrdinalIgnoreCase), $"{form}: {shown}");
        Assert.False(shown.Contains(Key[4..^4], StringComparison.OrdinalIgnoreCase), $"{form}: {shown}");
        Assert.False(text.Length > 24 && shown.Contains(text[6..^6], StringComparison.OrdinalIgnoreCase), $"{form}: {shown}");
    }

    private async Task<CallResult> AnswerAsync(string answer, string key = Key)
    {
        await using var server = new FixedResponseServer(answer);
        var credential = new Credential("c", key, "X-Api-Key", server.Address, [Some.TenPerSecond]);
        return await _client.SendAsync(credential, new RenderedRequest(HttpMethod.Get, server.Address, default), Cancel);
    }
}
