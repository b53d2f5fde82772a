namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>A queue of the emulator.</summary>
/// <param name="Name">As links name it.</param>
/// <param name="LockDuration">How long a received message stays locked; default 00:01:00.</param>
/// <param name="MaxDeliveryCount">Deliveries before a message goes to the dead-letter queue; default 10.</param>
internal sealed record QueueOptions(string Name, TimeSpan LockDuration, int MaxDeliveryCount = 10)
{
    public QueueOptions(string name) : this(name, TimeSpan.FromMinutes(1))
    {
    }
}
