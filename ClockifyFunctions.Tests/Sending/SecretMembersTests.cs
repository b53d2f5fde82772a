using System.Text;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Sending;

[Trait("Category", "security")]
public sealed class SecretMembersTests
{
    [Theory]
    [InlineData("""{"id":"1","authToken":"eyJ.se\"cret.x","name":"n"}""", """{"id":"1","authToken":"***","name":"n"}""")]
    [InlineData("""{"webhooks":[{"authToken" : "a"},{"authToken":null},{"authToken":"b"}]}""", """{"webhooks":[{"authToken" : "***"},{"authToken":null},{"authToken":"***"}]}""")]
    [InlineData("""{"authToken":"cut in the mid""", """{"authToken":"***" """)]
    [InlineData("""{"authToken":"cut behind a backslash\""", """{"authToken":"***" """)]
    [InlineData("""{"authToken":""", """{"authToken":""")]
    [InlineData("""{"name":"authToken","x":"y"}""", """{"name":"authToken","x":"y"}""")]
    [InlineData("", "")]
    public void ASecretMemberOfTheCatalogIsReplacedInEveryResponse(string answer, string expected) =>
        Assert.Equal(expected.TrimEnd(), Encoding.UTF8.GetString(SecretMembers.Hide(Encoding.UTF8.GetBytes(answer))));

    [Fact]
    public async Task NoResponseThatTheClientReadsContainsTheSecretOfAWebhook()
    {
        await using var server = new FixedResponseServer(FixedResponseServer.Ok("""{"id":"66f1a0c2b7d14e3a9c5d0201","authToken":"top-secret"}"""));
        var credential = Written.Credential(server.Address.AbsoluteUri);
        using var client = new ClockifyClient(TimeProvider.System);
        var endpoint = ClockifyFunctions.Destinations.EndpointTemplate.Find("createWebhook")!;
        var request = Written.Request(Examples.Config(endpoint), endpoint.Example.GetRawText(), credential);
        var answer = await client.SendAsync(credential, request, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccess);
        Assert.Equal("""{"id":"66f1a0c2b7d14e3a9c5d0201","authToken":"***"}""", answer.Body.ToString());
    }
}
