using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Draining;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Messaging;

public sealed class DrainTicketsTests : IAsyncLifetime
{
    private readonly RunningDrains _running = new();
    private ServiceBusEmulator _bus = null!;
    private Queues _queues = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bus = await ServiceBusEmulator.StartAsync(0, [new(Queues.DrainName)], TimeProvider.System);
        _queues = new Queues(ServiceBusConnection.Open(new AppSettings { ServiceBusConnection = _bus.ConnectionString, Credentials = new Dictionary<string, Credential>() }), TimeProvider.System, NullLogger<QueueSender>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _queues.DisposeAsync();
        await _bus.DisposeAsync();
    }

    [Fact]
    public async Task TheFirstTicketIsSentAtOnceAndOneMoreForAllRequestsOfTheNextSecond()
    {
        // An hour ahead of the clock of the broker, so that the second ticket stays scheduled.
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(1));
        var tickets = new DrainTickets(_queues, _running, time, NullLogger<DrainTickets>.Instance);
        for (var records = 0; records < 5; records++) await tickets.SendAsync("busy", Cancel);
        await tickets.SendAsync("other", Cancel);

        var counts = _bus.Queue(Queues.DrainName).Counts;
        Assert.Equal((2, 1), (counts.Active, counts.Scheduled));
    }

    [Fact]
    public async Task AScheduledTicketIsSentOnceUnlessItMayAlreadyBeDelivered()
    {
        var time = new FakeTimeProvider();
        var tickets = new DrainTickets(_queues, _running, time, NullLogger<DrainTickets>.Instance);
        var (queue, due) = (_bus.Queue(Queues.DrainName), time.GetUtcNow().AddMinutes(1));
        for (var later = 0; later < 3; later++) await tickets.SendAtAsync("busy", due.AddSeconds(later), Cancel);
        Assert.Equal(1, queue.LastSequenceNumber);

        // The clock of the broker can be ahead of the clock of this process.
        time.Advance(TimeSpan.FromSeconds(58));
        await tickets.SendAtAsync("busy", due, Cancel);
        Assert.Equal(2, queue.LastSequenceNumber);
    }

    [Fact]
    public async Task AfterAPostponementNoEarlierTicketIsSent()
    {
        var time = new FakeTimeProvider();
        var tickets = new DrainTickets(_queues, _running, time, NullLogger<DrainTickets>.Instance);
        var queue = _bus.Queue(Queues.DrainName);
        await tickets.PostponeAsync("exhausted", time.GetUtcNow().AddMinutes(40), Cancel);
        for (var records = 0; records < 3; records++) await tickets.SendAsync("exhausted", Cancel);
        Assert.Equal(1, queue.LastSequenceNumber);

        time.Advance(TimeSpan.FromMinutes(41));
        await tickets.SendAsync("exhausted", Cancel);
        Assert.Equal(2, queue.LastSequenceNumber);
    }

    [Fact]
    public async Task TheWaitForAnUnavailableBrokerIsLimited()
    {
        var time = new FakeTimeProvider();
        await using var queues = new Queues(
            ServiceBusConnection.Open(new AppSettings { ServiceBusConnection = "Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true", Credentials = new Dictionary<string, Credential>() }), time, NullLogger<QueueSender>.Instance);
        var sending = new DrainTickets(queues, _running, time, NullLogger<DrainTickets>.Instance).SendAtAsync("busy", time.GetUtcNow(), CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync("the send ends", () => sending.IsCompleted, TimeSpan.FromSeconds(60));
        await Assert.ThrowsAsync<TimeoutException>(() => sending);
    }

    [Fact]
    public async Task AnAnnouncementOfRecordsIgnoresAnUnavailableBroker()
    {
        var time = new FakeTimeProvider();
        await using var queues = new Queues(
            ServiceBusConnection.Open(new AppSettings { ServiceBusConnection = "Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true", Credentials = new Dictionary<string, Credential>() }), time, NullLogger<QueueSender>.Instance);
        var sending = new DrainTickets(queues, _running, time, NullLogger<DrainTickets>.Instance).SendAsync("busy", CancellationToken.None);
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(30));
        await sending.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Fact]
    public async Task ADrainInThisProcessIsWokenWithoutATicket()
    {
        var tickets = new DrainTickets(_queues, _running, TimeProvider.System, NullLogger<DrainTickets>.Instance);
        var wakes = 0;
        using (_running.Begin("busy", () => wakes++)) await tickets.SendAsync("busy", Cancel);
        Assert.Equal((0, 1), (_bus.Queue(Queues.DrainName).Counts.Active, wakes));

        await tickets.SendAsync("busy", Cancel);
        Assert.Equal(1, _bus.Queue(Queues.DrainName).Counts.Active);
    }
}
