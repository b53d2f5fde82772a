using ClockifyFunctions.Api;
using ClockifyFunctions.Sending;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ClockifyFunctions.Tests.Api;

public sealed class TestApiTests
{
    [Fact]
    public async Task AnExhaustedKeyIsAnsweredWithTheTimeOfTheNextCall()
    {
        var answer = await TestApi.AnswerAsync<int>(static () => throw new InteractiveCalls.ExhaustedException(TimeSpan.FromMinutes(59.5)), static _ => Results.Ok());
        var problem = Assert.IsType<JsonHttpResult<ProblemDetailsView>>(answer);
        Assert.Equal((409, "The next call may be made in 60 min."), (problem.StatusCode, problem.Value!.Detail));
    }
}
