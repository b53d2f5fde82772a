using System.Text.Json;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

public sealed class TimerTriggerTests : IDisposable
{
    private readonly TestHost _host = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task ATimerRunsOnlyOnItsSchedule()
    {
        _host.Workers.Function("Sweep", """{"name":"timer","type":"timerTrigger","direction":"In","schedule":"%WHEN%","useMonitor":false,"properties":{}}""");
        _host.Settings["WHEN"] = "0 */5 * * * *";
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();

        await _host.Time.WhenAwaited(TimeSpan.FromMinutes(5));
        Assert.False(worker.HasInvocations);
        _host.Time.Advance(TimeSpan.FromMinutes(5));

        var invocation = await worker.NextInvocationAsync();
        Assert.Equal("""{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""", Assert.Single(invocation.InputData).Data.Json);
        Assert.Equal("timer", invocation.InputData[0].Name);
        await worker.SucceedAsync(invocation);
    }

    [Fact]
    public async Task AMonitoredTimerGetsTheTimeOfTheRun()
    {
        _host.Workers.Function("Sweep", """{"name":"timer","type":"timerTrigger","direction":"In","schedule":"0 */5 * * * *","properties":{}}""");
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        await _host.Time.WhenAwaited(TimeSpan.FromMinutes(5));
        _host.Time.Advance(TimeSpan.FromMinutes(5));
        await worker.SucceedAsync(await worker.NextInvocationAsync());
        await _host.Time.WhenAwaited(TimeSpan.FromMinutes(5), times: 3); // Two waits for the schedule, and the functionTimeout of the first run.
        _host.Time.Advance(TimeSpan.FromMinutes(5));

        var invocation = await worker.NextInvocationAsync();

        var status = JsonDocument.Parse(invocation.InputData[0].Data.Json).RootElement.GetProperty("ScheduleStatus");
        Assert.Equal("2026-11-24T00:05:00Z", status.GetProperty("Last").GetString());
        Assert.Equal("2026-11-24T00:10:00Z", status.GetProperty("Next").GetString());
        await worker.SucceedAsync(invocation);
    }

    [Fact]
    public async Task ATimerRunsAtStartIfConfiguredAndManuallyWithTheMasterKey()
    {
        _host.Workers.Function("Sweep", """{"name":"timer","type":"timerTrigger","direction":"In","schedule":"0 0 3 * * *","runOnStartup":true,"useMonitor":false,"properties":{}}""");
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        await worker.SucceedAsync(await worker.NextInvocationAsync());
        using var http = new HttpClient { BaseAddress = host.Address };
        using var refused = await http.PostAsync(new Uri("admin/functions/Sweep", UriKind.Relative), null, Cancel);
        http.DefaultRequestHeaders.Add("x-functions-key", "master-key");

        using var accepted = await http.PostAsync(new Uri("admin/functions/Sweep", UriKind.Relative), null, Cancel);
        await worker.SucceedAsync(await worker.NextInvocationAsync());

        Assert.Equal((401, 202), ((int)refused.StatusCode, (int)accepted.StatusCode));
        var running = host.RunTimerAsync("Sweep");
        await worker.FailAsync(await worker.NextInvocationAsync(), "as asked");
        Assert.False(await running);
    }
}
