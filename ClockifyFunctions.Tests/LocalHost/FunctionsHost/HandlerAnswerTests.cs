using System.Text.Json;
using ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

public sealed class HandlerAnswerTests
{
    [Fact]
    public void EveryRecordedAnswerIsJudgedAsTheRealHostDid()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "custom-handler", "response-outcomes.json");
        var judged = 0;
        foreach (var one in JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("cases").EnumerateArray())
        {
            var answer = one.GetProperty("handlerResponse");
            if (!answer.TryGetProperty("status", out var status) || answer.TryGetProperty("delayMs", out _)) continue;
            var headers = answer.GetProperty("headers");
            var type = headers.TryGetProperty("Content-Type", out var t) ? t.GetString() : null;

            var result = HandlerAnswer.Judge(status.GetInt32(), type, answer.GetProperty("body").GetString()!);

            var said = result switch { null => "timeout", { Succeeded: true } => "success", _ => "failure" };
            var name = one.GetProperty("name").GetString();
            Assert.True(one.GetProperty("outcome").GetString()!.StartsWith(said, StringComparison.Ordinal), $"{name}: {said}");
            judged++;
        }

        Assert.True(judged > 20, $"judged only {judged}");
    }
}
