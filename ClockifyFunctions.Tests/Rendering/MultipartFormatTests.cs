using System.Text;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ClockifyFunctions.Tests.Rendering;

public sealed class MultipartFormatTests
{
    private const string Config = """{"credential":"default","method":"POST","url":"https://api.clockify.me/api/v1/x","contentType":"multipart"}""";

    [Fact]
    public async Task EveryAttributeIsAPartAndAServerReadsTheSameValues()
    {
        var parts = await PartsAsync("""{"text":"é \"q\"\r\nline","number":1.50,"flag":true,"none":null,"list":["a","b"],"na\"me":"x"}""");
        Assert.Equal(["text=é \"q\"\r\nline", "number=1.50", "flag=true", "list=a", "list=b", "na%22me=x"], parts.Select(part => $"{part.Name}={part.Text}"));
    }

    [Fact]
    public async Task AFileKeepsItsBytesItsNameAndItsType()
    {
        var part = Assert.Single(await PartsAsync("""{"file":{"fileName":"a.png","contentType":"image/png","data":"AAH/gA=="}}"""));
        Assert.Equal(("file", "a.png", "image/png"), (part.Name, part.FileName, part.Type));
        Assert.Equal([0, 1, 255, 128], part.Bytes);
    }

    [Theory]
    [InlineData("""{"a":1}""", "has no text 'fileName'")]
    [InlineData("""{"fileName":"a","contentType":"image/png","data":5}""", "has no text 'data'")]
    [InlineData("""{"fileName":"a","contentType":"png\r\nX: y","data":"AAH/"}""", "contentType that is not a media type")]
    [InlineData("""{"fileName":"a","contentType":"image/png","data":"AAH"}""", "not Base64 text")]
    [InlineData("""[[1]]""", "is a list, which is not a file")]
    public void AnInvalidFileRefusesTheRecord(string value, string reason)
    {
        var result = RequestRenderer.Render(Written.Destination(Config), Some.Json($$"""{"file":{{value}}}"""), Written.Now);
        Assert.Null(result.Request);
        Assert.Contains(reason, Assert.Single(result.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEndpointSendsOnlyItsOwnFieldsAndListsTheChangedOnes()
    {
        var endpoint = EndpointTemplate.Find("updateExpense")!;
        var record = """{"id":"66f1a0c2b7d14e3a9c5d0f11","who":"5f0b1c2d3e4f5a6b7c8d9e01","categoryId":"66f1a0c2b7d14e3a9c5d0f01","date":"2026-07-10T00:00:00Z","amount":1,"notes":"n","billable":true,"x":{"y":1}}""";
        var destination = Examples.Destination(endpoint, rest: ""","mapping":{"userId":"who","projectId":"project"},"excludeAttributes":["billable"],"unknownAttributes":"ignore" """);
        var body = Encoding.UTF8.GetString(RequestRenderer.Render(destination, Some.Json(record), Written.Now).Request!.Body.Span);
        Assert.Equal(
            ["categoryId", "date", "amount", "notes", "userId", "changeFields", "changeFields", "changeFields", "changeFields", "changeFields"],
            body.Split("form-data; name=\"").Skip(1).Select(part => part[..part.IndexOf('"')]));
        Assert.Equal(["USER", "DATE", "CATEGORY", "NOTES", "AMOUNT"], body.Split("name=\"changeFields\"\r\n\r\n").Skip(1).Select(part => part[..part.IndexOf('\r')]));
    }

    [Fact]
    public void TheSameRecordGivesTheSameBytes()
    {
        RenderedRequest Render() => RequestRenderer.Render(Written.Destination(Config), Some.Json("""{"a":1}"""), Written.Now).Request!;
        Assert.Equal(Render().Body.ToArray(), Render().Body.ToArray());
        Assert.Equal(Render().ContentType, Render().ContentType);
    }

    private static async Task<List<(string Name, string FileName, string? Type, byte[] Bytes, string Text)>> PartsAsync(string record)
    {
        var request = RequestRenderer.Render(Written.Destination(Config), Some.Json(record), Written.Now).Request!;
        var boundary = MediaTypeHeaderValue.Parse(request.ContentType).Boundary.ToString();
        var reader = new MultipartReader(boundary, new MemoryStream(request.Body.ToArray()));
        var parts = new List<(string, string, string?, byte[], string)>();
        while (await reader.ReadNextSectionAsync(TestContext.Current.CancellationToken) is { } section)
        {
            var about = section.GetContentDispositionHeader()!;
            using var copy = new MemoryStream();
            await section.Body.CopyToAsync(copy, TestContext.Current.CancellationToken);
            parts.Add((HeaderUtilities.RemoveQuotes(about.Name).ToString(), HeaderUtilities.RemoveQuotes(about.FileName).ToString(), section.ContentType, copy.ToArray(), Encoding.UTF8.GetString(copy.ToArray())));
        }

        return parts;
    }
}
