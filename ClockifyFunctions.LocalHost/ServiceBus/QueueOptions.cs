namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>How one emulated queue behaves. Defaults are those of a queue created in the Azure portal.</summary>
/// <param name="Name">Entity path, without leading slash. Compared without regard to case, as in the service.</param>
/// <param name="MaxDeliveryCount">Deliveries a message may have before it is dead-lettered instead of returned.</param>
internal sealed record QueueOptions(string Name, TimeSpan LockDuration, int MaxDeliveryCount = 10)
{
    public QueueOptions(string name)
        : this(name, TimeSpan.FromSeconds(60))
    {
    }
}
