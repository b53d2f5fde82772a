using System.Text;
using ClockifyFunctions.Api;
using ClockifyFunctions.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace ClockifyFunctions.Tests.Api;

[Trait(Categories.Name, Categories.Security)]
public sealed class BodyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/json", 1 << 20, true, null)]
    [InlineData("application/json; charset=utf-8", 20, false, null)]
    [InlineData("application/merge-patch+json", 20, true, null)]
    [InlineData("application/json", (1 << 20) + 1, true, 413)]
    [InlineData("application/json", (1 << 20) + 1, false, 413)]
    [InlineData("text/plain", 20, true, 415)]
    [InlineData(null, 20, true, 415)]
    public async Task ABodyIsJsonOfAtMostAMegabyte(string? contentType, int length, bool saysItsLength, int? status)
    {
        var (selection, refusal) = await Body.ReadAsync(Request($"{{\"all\":true{new string(' ', length - 12)}}}", contentType, saysItsLength), ApiJson.Web.QuarantineSelection, "", Cancel);
        Assert.Equal(status is null, selection is { All: true });
        Assert.Equal(status, (refusal as IStatusCodeHttpResult)?.StatusCode);
    }

    [Fact]
    public async Task ABodyListsAHundredProblemsAndCountsTheOthers()
    {
        var text = $"{{{string.Join(',', Enumerable.Range(0, 20_000).Select(number => $"\"m{number}\":1"))}}}";
        var (_, refusal) = await Body.ReadAsync(Request(text, "application/json", true), ApiJson.Web.QuarantineSelection, "", Cancel);
        var errors = Assert.IsType<ProblemDetailsView>(Assert.IsAssignableFrom<IValueHttpResult>(refusal).Value).Errors!;
        Assert.Equal((101, "and 19900 more; correct these first."), (errors.Count, errors[^1].Message));
    }

    private static HttpRequest Request(string text, string? contentType, bool saysItsLength)
    {
        var request = new DefaultHttpContext().Request;
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes(text));
        request.ContentType = contentType;
        if (saysItsLength) request.ContentLength = request.Body.Length;
        return request;
    }
}
