using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Sending;

public sealed class GoneTests
{
    private const string Group = "66f1a0c2b7d14e3a9c5d0701";

    [Theory]
    [InlineData("""[{"id":"66f1a0c2b7d14e3a9c5d0702"}]""", true)]
    [InlineData("""[{"id":"66f1a0c2b7d14e3a9c5d0702"},{"id":"66f1a0c2b7d14e3a9c5d0701"}]""", false)]
    [InlineData("""<html>sign in</html>""", null)]
    public async Task AnObjectThatCannotBeReadDirectlyIsSearchedInItsList(string list, bool? isGone)
    {
        var endpoint = EndpointTemplate.Find("deleteUserGroup")!;
        var (destination, calls) = (Examples.Destination(endpoint), new List<string>());
        var request = RequestRenderer.Render(destination, endpoint.Example, Written.Now).Request!;
        Assert.Equal(Group, EndpointPath.ValueOf(destination, request, "{id}"));
        Assert.Equal(isGone, await Gone.IsAsync(destination, request, Some.Answer(400, """{"code":501}"""), read =>
        {
            calls.Add($"{read.Method} {read.Url.AbsolutePath}{read.Url.Query}");
            return Task.FromResult(Some.Answer(200, list) with { Expected = read.Answer });
        }));
        Assert.Equal(["GET /api/v1/workspaces/64a687e29ae1f428e7ebe301/user-groups?page=1&page-size=200"], calls);
    }

    [Theory]
    [InlineData("deleteExpenseCategory")]
    [InlineData("removeUserFromGroup")]
    public async Task IfAnObjectCannotBeReadARefusalStaysARefusal(string name)
    {
        var endpoint = EndpointTemplate.Find(name)!;
        var destination = Examples.Destination(endpoint);
        var request = RequestRenderer.Render(destination, endpoint.Example, Written.Now).Request!;
        Assert.False(await Gone.IsAsync(destination, request, Some.Answer(400), _ => throw new InvalidOperationException("A call was made.")));
    }
}
