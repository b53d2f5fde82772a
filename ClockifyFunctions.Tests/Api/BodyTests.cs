using System.Text;
using ClockifyFunctions.Api;
using Microsoft.AspNetCore.Http;

namespace ClockifyFunctions.Tests.Api;

public class BodyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnknownMembersAreRefusedByPathWhereverTheyAre()
    {
        Assert.Equal(["$.kind"], await ProblemsOf("""{"all":true,"kind":"rejected"}"""));
        var context = ContextOf("""{"config":{},"request":{"methd":"GET","headers":[{"name":"a","value":"b"},{"nam":"c"}]},"dry":true}""");
        var (value, refusal) = await Body.ReadAsync(context.Request, ApiJson.Web.TestQuestion, "", Cancel);
        Assert.Null(value);
        Assert.Equal(["$.request.methd", "$.request.headers[1].nam", "$.dry"], PathsOf(refusal));
    }

    [Theory]
    [InlineData("{", "$")]
    [InlineData("", "$")]
    [InlineData("null", "$")]
    [InlineData("[]", "$")]
    [InlineData("""{"ids":"a"}""", "$.ids")]
    [InlineData("""{"all":"yes"}""", "$.all")]
    public async Task ABodyOfAnotherShapeIsRefusedWithItsPlace(string body, string place) => Assert.Equal([place], await ProblemsOf(body));

    [Fact]
    public async Task AValidBodyIsRead()
    {
        var (value, refusal) = await Body.ReadAsync(ContextOf("""{"IDs":["1"]}""").Request, ApiJson.Web.QuarantineSelection, "", Cancel);
        Assert.Null(refusal);
        Assert.Equal(["1"], value!.Ids);
    }

    private static async Task<IEnumerable<string>> ProblemsOf(string body) => PathsOf((await Body.ReadAsync(ContextOf(body).Request, ApiJson.Web.QuarantineSelection, "", Cancel)).Refusal);

    private static IEnumerable<string> PathsOf(IResult? refusal) => Assert.IsAssignableFrom<IValueHttpResult<ProblemDetailsView>>(refusal).Value!.Errors!.Select(error => error.Path);

    private static DefaultHttpContext ContextOf(string body) => new() { Request = { Body = new MemoryStream(Encoding.UTF8.GetBytes(body)) } };
}
