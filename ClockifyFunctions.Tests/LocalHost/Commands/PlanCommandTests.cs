using System.Text.Json;
using ClockifyFunctions.LocalHost.Commands;

namespace ClockifyFunctions.Tests.LocalHost.Commands;

public sealed class PlanCommandTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("create", 2)]
    [InlineData("archive,update", 2)]
    [InlineData("update,error", 1)]
    public void TheExitCodeTellsWhatThePlanContains(string steps, int code)
    {
        var rows = steps.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(step => new { step });
        Assert.Equal(code, PlanCommand.CodeOf(JsonSerializer.SerializeToElement(new { rows })));
    }
}
