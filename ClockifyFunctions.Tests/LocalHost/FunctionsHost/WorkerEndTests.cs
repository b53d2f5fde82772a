using System.Threading.Channels;
using ClockifyFunctions.LocalHost.FunctionsHost.Workers;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>The reaction of the host to a worker that ends or does not respond.</summary>
public sealed class WorkerEndTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly MiniBroker _broker;

    public WorkerEndTests()
    {
        _broker = new MiniBroker { Time = _host.Time };
        _host.Settings["Bus"] = _broker.ConnectionString;
        _host.Workers.Queue();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _broker.Close();
        _host.Dispose();
    }

    [Fact]
    public async Task AfterACrashTheNextWorkerGetsTheMessageAtOnce()
    {
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        _broker.Send("a");
        await worker.NextInvocationAsync();

        await worker.ExitAsync(3);

        Assert.Equal("Modified 1", await _broker.NextSettledAsync(Cancel));
        var next = await _host.Workers.NextWorkerAsync();
        await next.SucceedAsync(await next.NextInvocationAsync());
        Assert.Equal("Accepted 2", await _broker.NextSettledAsync(Cancel));
        Assert.Contains(_host.Logged, line => line.Contains("exit code 3", StringComparison.Ordinal) && line.Contains("last words", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AResponseThatWasSentBeforeTheExitIsUsed()
    {
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        _broker.Send("a");

        await worker.SucceedAsync(await worker.NextInvocationAsync());
        await worker.ExitAsync(3);

        Assert.Equal("Accepted 1", await _broker.NextSettledAsync(Cancel));
    }

    [Fact]
    public async Task TheSecondRestartWaitsAndTheThirdErrorStopsTheHost()
    {
        await using var host = await _host.StartAsync();
        await (await _host.Workers.NextWorkerAsync()).ExitAsync(137);
        await (await _host.Workers.NextWorkerAsync()).ExitAsync(137);
        await _host.Time.WhenAwaited(TimeSpan.FromSeconds(10));
        Assert.False(_host.Workers.HasStartedMore);
        _host.Time.Advance(TimeSpan.FromSeconds(10));

        await (await _host.Workers.NextWorkerAsync()).ExitAsync(137);

        Assert.Contains("too many times", await host.Stopped.WaitAsync(Cancel));
    }

    [Fact]
    public async Task AWorkerThatExitsWith0IsNotRestartedAndItsInvocationsWaitUntilTheirTimeout()
    {
        await using var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        await worker.ExitAsync(0);
        _broker.Send("a");
        await _host.Time.WhenAwaited(TimeSpan.FromMinutes(5));
        Assert.False(_host.Workers.HasStartedMore);

        _host.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("Modified 1", await _broker.NextSettledAsync(Cancel));
        await _host.Time.WhenAwaited(TimeSpan.FromSeconds(2));
        _host.Time.Advance(TimeSpan.FromSeconds(2));
        await _host.Workers.NextWorkerAsync();
    }

    [Fact]
    public async Task AnExitWith200IsRestartedAndNotCountedAsAnError()
    {
        await using var host = await _host.StartAsync();
        var ready = Channel.CreateUnbounded<IWorkerProcess>();
        host.WorkerReady += worker => ready.Writer.TryWrite(worker);

        for (var exits = 0; exits < 4; exits++)
        {
            await (await _host.Workers.NextWorkerAsync()).ExitAsync(200);
            await ready.Reader.ReadAsync(Cancel);
        }
    }

    [Fact]
    public async Task AtFunctionTimeoutTheInvocationFailsAndItsWorkerIsReplaced()
    {
        _host.Workers.EndsOnTerminate = false;
        var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        _broker.Send("a");
        var invocation = await worker.NextInvocationAsync();
        await _host.Time.WhenAwaited(TimeSpan.FromMinutes(5));

        _host.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(invocation.InvocationId, await worker.NextCancelledAsync());
        Assert.Equal("Modified 1", await _broker.NextSettledAsync(Cancel));
        await _host.Time.WhenAwaited(TimeSpan.FromSeconds(2));
        Assert.False(worker.Terminated.IsCompleted);
        _host.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(5, (await worker.Terminated.WaitAsync(Cancel)).GracePeriod.Seconds);
        await _host.Workers.NextWorkerAsync();
        await _host.Time.WhenAwaited(TimeSpan.FromSeconds(5));
        _host.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(137, await worker.Exited.WaitAsync(Cancel));

        _host.Workers.EndsOnTerminate = true;
        await host.DisposeAsync();
    }

    [Fact]
    public async Task AReplacedWorkerCanStillRespond()
    {
        _host.Workers.EndsOnTerminate = false;
        var host = await _host.StartAsync();
        var worker = await _host.Workers.NextWorkerAsync();
        _broker.Send("a");
        var invocation = await worker.NextInvocationAsync();

        var replaced = host.ReplaceWorkerAsync(Cancel);
        await worker.Terminated.WaitAsync(Cancel);
        await worker.SucceedAsync(invocation);
        await worker.ExitAsync(0);
        await replaced;

        Assert.Equal("Accepted 1", await _broker.NextSettledAsync(Cancel));
        await _host.Workers.NextWorkerAsync();
        _host.Workers.EndsOnTerminate = true;
        await host.DisposeAsync();
    }
}
