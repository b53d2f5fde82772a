using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Responses;

public class ResponseClassifierTests
{
    [Theory]
    [InlineData(201, """{"id":"1"}""", nameof(Outcome.Delivered), false)]
    [InlineData(204, "", nameof(Outcome.Delivered), false)]
    [InlineData(302, "", nameof(Outcome.Rejected), false)]
    [InlineData(400, """{"message":"x","code":501}""", nameof(Outcome.Rejected), false)]
    [InlineData(401, """{"message":"x","code":4003}""", nameof(Outcome.Failed), true)]
    [InlineData(403, """{"message":"Access Denied","code":501}""", nameof(Outcome.Failed), true)]
    [InlineData(403, """{"message":"locked","code":1003}""", nameof(Outcome.Rejected), false)]
    [InlineData(403, """{"message":"suspended","code":406}""", nameof(Outcome.Failed), true)]
    [InlineData(406, """{"message":"suspended","code":406}""", nameof(Outcome.Failed), true)]
    [InlineData(406, "", nameof(Outcome.Rejected), false)]
    [InlineData(403, """{"message":"Token is not valid","code":4017}""", nameof(Outcome.Failed), true)]
    [InlineData(403, """{"message":"not confirmed","code":4019}""", nameof(Outcome.Failed), true)]
    [InlineData(403, "\n{\"code\":1003}", nameof(Outcome.Rejected), false)]
    [InlineData(403, "{\"code\":1003,\"message\":\"cut", nameof(Outcome.Rejected), false)]
    [InlineData(403, "{\"message\":\"cut", nameof(Outcome.Failed), true)]
    [InlineData(403, "<html>", nameof(Outcome.Failed), true)]
    [InlineData(404, "", nameof(Outcome.Rejected), false)]
    [InlineData(408, "", nameof(Outcome.Unknown), false)]
    [InlineData(429, "<html>", nameof(Outcome.Throttled), false)]
    [InlineData(500, "{broken", nameof(Outcome.Unknown), false)]
    [InlineData(502, "", nameof(Outcome.Unknown), false)]
    public void EachResponseToACreateHasOneOutcome(int status, string body, string outcome, bool refusesKey)
    {
        var verdict = ResponseClassifier.Classify(Some.Answer(status, body));
        Assert.Equal((outcome, refusesKey), (verdict.Outcome.ToString(), verdict.RefusesKey));
    }

    [Theory]
    [InlineData(false, nameof(Outcome.Failed))]
    [InlineData(true, nameof(Outcome.Unknown))]
    public void WithoutAResponseTheOutcomeDependsOnWhetherTheRequestWasSent(bool left, string outcome) =>
        Assert.Equal(outcome, ResponseClassifier.Classify(new CallResult(0, "", null, null, "broken", left, TimeSpan.Zero)).Outcome.ToString());
}
