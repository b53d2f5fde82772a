using Amqp;
using ClockifyFunctions.LocalHost.ServiceBus;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>The settlement of messages, depending on the results of their invocations.</summary>
public sealed class SettlementTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly MiniBroker _broker;

    public SettlementTests()
    {
        _broker = new MiniBroker { Time = _host.Time };
        _host.Settings["Bus"] = _broker.ConnectionString;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _broker.Close();
        _host.Dispose();
    }

    [Fact]
    public async Task SuccessCompletesTheMessage()
    {
        _host.Workers.Queue();
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        _broker.Send("a");

        var invocation = await worker.NextInvocationAsync();
        Assert.Equal("id-of-Work", invocation.FunctionId);
        Assert.Equal("message", Assert.Single(invocation.InputData).Name);
        await worker.SucceedAsync(invocation);

        Assert.Equal("Accepted 1", await _broker.NextSettledAsync(Cancel));
    }

    [Fact]
    public async Task FailureAbandonsTheMessageAndIncreasesItsDeliveryCount()
    {
        _host.Workers.Queue();
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        _broker.Send("a");

        await worker.FailAsync(await worker.NextInvocationAsync(), "as asked");
        await worker.SucceedAsync(await worker.NextInvocationAsync());

        Assert.Equal("Modified 1", await _broker.NextSettledAsync(Cancel));
        Assert.Equal("Accepted 2", await _broker.NextSettledAsync(Cancel));
        Assert.Contains(_host.Logged, line => line.Contains("Failed", StringComparison.Ordinal) && line.Contains("as asked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ABatchSettlesAllItsMessages()
    {
        _host.Workers.Queue(cardinality: "Many");
        const int messages = 60;
        for (var i = 0; i < messages; i++) _broker.Send("m" + i);
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();

        // On a busy machine, a message can arrive too late for a batch.
        var largest = 0;
        for (var settled = 0; settled < messages;)
        {
            var invocation = await worker.NextInvocationAsync();
            var batch = Assert.Single(invocation.InputData).Data.CollectionModelBindingData.ModelBindingData.Count;
            await worker.SucceedAsync(invocation);
            for (var i = 0; i < batch; i++) Assert.Equal("Accepted 1", await _broker.NextSettledAsync(Cancel));
            settled += batch;
            largest = Math.Max(largest, batch);
        }

        Assert.True(largest > 1, "No invocation had several messages.");
    }

    [Fact]
    public async Task TheHostReceivesOnlyAsManySingleMessagesAsItCanRunConcurrently()
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("work")], _host.Time);
        _host.Settings["Bus"] = bus.ConnectionString;
        for (var i = 0; i < 6; i++) bus.Queue("work").Send(new Message("m" + i));
        _host.Workers.Queue();
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();

        for (var running = 0; running < 4; running++) await worker.NextInvocationAsync();

        Assert.Equal((2, 4), (bus.Queue("work").Counts.Active, bus.Queue("work").Counts.Locked));
    }

    [Fact]
    public async Task TheLockOfASingleMessageIsRenewedWhileItsInvocationRuns()
    {
        _host.Workers.Queue();
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        _broker.Send("a");
        var invocation = await worker.NextInvocationAsync();
        // Ten seconds before the lock of one minute expires.
        await _host.Time.WhenAwaited(TimeSpan.FromSeconds(50));
        _host.Time.Advance(TimeSpan.FromSeconds(50));

        var renewed = await _broker.NextRenewedAsync(Cancel);
        await worker.SucceedAsync(invocation);

        Assert.Equal(invocation.TriggerMetadata["LockToken"].String, renewed.ToString());
        Assert.Equal("Accepted 1", await _broker.NextSettledAsync(Cancel));
    }

    [Fact]
    public async Task AFunctionThatCannotBeLoadedFailsAtEachInvocation()
    {
        _host.Workers.Queue().LoadErrors["id-of-Work"] = "no such method";
        await using var host = await _host.StartAsync();
        _broker.Send("a");

        Assert.Equal("Modified 1", await _broker.NextSettledAsync(Cancel));
        Assert.Contains(_host.Logged, line => line.Contains("Function Work not loaded: no such method", StringComparison.Ordinal));
    }
}
