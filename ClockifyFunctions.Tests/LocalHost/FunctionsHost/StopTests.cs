using Amqp;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>The order in which a host stops, and the settlement of messages with running invocations.</summary>
public sealed class StopTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Grace = TimeSpan.FromSeconds(5);

    private readonly TestHost _host = new();
    private ServiceBusEmulator _bus = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private QueueCounts Counts => _bus.Queue("work").Counts;

    public async ValueTask InitializeAsync()
    {
        _bus = await ServiceBusEmulator.StartAsync(0, [new("work")], _host.Time);
        _host.Settings["Bus"] = _bus.ConnectionString;
        _host.Workers.EndsOnTerminate = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _bus.DisposeAsync();
        _host.Dispose();
    }

    [Fact]
    public async Task AStopWaitsThenCancelsThenTerminatesThenKills()
    {
        _host.Workers.Queue();
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        _bus.Queue("work").Send(new Message("a"));
        var invocation = await worker.NextInvocationAsync();

        var stopping = host.StopAsync();
        await _host.Time.WhenAwaited(Patience);
        // The listener still runs.
        _bus.Queue("work").Send(new Message("b"));
        await worker.SucceedAsync(await worker.NextInvocationAsync());
        await Eventually.TrueAsync("the second message is completed", () => Counts is { Active: 0, Locked: 1 }, TimeSpan.FromSeconds(20));
        Assert.False(worker.HasCancellations || worker.Terminated.IsCompleted || stopping.IsCompleted);

        _host.Time.Advance(Patience);
        Assert.Equal(invocation.InvocationId, await worker.NextCancelledAsync());
        await worker.Terminated.WaitAsync(Cancel);
        await _host.Time.WhenAwaited(Grace);
        Assert.False(worker.Exited.IsCompleted);

        _host.Time.Advance(Grace);
        await stopping.WaitAsync(Cancel);
        Assert.Equal(137, await worker.Exited);
        // The message of the abandoned invocation stays locked, because its lock does not end with the host.
        Assert.Equal((0, 1), (Counts.Active, Counts.Locked));
    }

    [Fact]
    public async Task ASingleMessageThatSucceedsAfterTheListenerStoppedIsAbandonedAndDeliveredAgainAtOnce()
    {
        _host.Workers.Queue();
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        _bus.Queue("work").Send(new Message("a"));
        var invocation = await worker.NextInvocationAsync();

        var stopping = host.StopAsync(TimeSpan.Zero);
        await worker.Terminated.WaitAsync(Cancel);
        await worker.SucceedAsync(invocation);
        await worker.ExitAsync(0);
        await stopping.WaitAsync(Cancel);

        Assert.Equal((1, 0), (Counts.Active, Counts.Locked));
        Assert.Equal(1, Assert.Single(_bus.Queue("work").Peek()).DeliveryCount);
    }

    [Fact]
    public async Task ABatchWhoseInvocationSucceedsAfterTheListenerStoppedIsCompleted()
    {
        _host.Workers.Queue(cardinality: "Many");
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        _bus.Queue("work").Send(new Message("a"));
        var invocation = await worker.NextInvocationAsync();

        var stopping = host.StopAsync(TimeSpan.Zero);
        await worker.Terminated.WaitAsync(Cancel);
        await worker.SucceedAsync(invocation);
        await worker.ExitAsync(0);
        await stopping.WaitAsync(Cancel);

        Assert.Equal((0, 0), (Counts.Active, Counts.Locked));
    }

    [Fact]
    public async Task WithoutRunningInvocationsTheWorkerIsTerminatedAtOnce()
    {
        _host.Workers.Queue().EndsOnTerminate = true;
        await using var host = await _host.StartAsync();

        await host.StopAsync().WaitAsync(Cancel);

        Assert.Equal("stopped", await host.Stopped);
        Assert.Equal(0, await (await _host.Workers.NextWorkerAsync()).Exited);
    }

    [Fact]
    public async Task ACrashedHostSettlesNothingAndDoesNotNotifyItsWorker()
    {
        _host.Workers.Queue();
        var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        _bus.Queue("work").Send(new Message("a"));
        await worker.NextInvocationAsync();

        await host.CrashAsync();

        Assert.Equal("crashed", await host.Stopped);
        Assert.Equal((0, 1), (Counts.Active, Counts.Locked));
        Assert.False(worker.HasCancellations || worker.Terminated.IsCompleted || worker.Exited.IsCompleted);
        await host.DisposeAsync();
        Assert.Equal(137, await worker.Exited);
    }
}
