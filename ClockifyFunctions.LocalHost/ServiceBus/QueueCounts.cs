namespace ClockifyFunctions.LocalHost.ServiceBus;

internal sealed record QueueCounts(int Active, int Locked, int Scheduled, int DeadLettered)
{
    public int Deferred { get; init; }
}
