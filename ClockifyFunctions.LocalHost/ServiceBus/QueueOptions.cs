namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>Options of one emulated queue. Defaults are those of a queue created in the Azure portal, Standard tier.</summary>
/// <param name="Name">Entity path, without leading slash. Case-insensitive, as in the service.</param>
/// <param name="LockDuration">Duration of a message lock, or of a session lock if sessions are required. Default 60 s.</param>
/// <param name="MaxDeliveryCount">Maximum number of deliveries of a message. After the last one the message is dead-lettered. Default 10.</param>
internal sealed record QueueOptions(string Name, TimeSpan LockDuration, int MaxDeliveryCount = 10)
{
    public QueueOptions(string name)
        : this(name, TimeSpan.FromSeconds(60))
    {
    }

    /// <summary>Whether messages need a session id and receivers must accept a session. Default false.</summary>
    public bool RequiresSession { get; init; }

    /// <summary>How long the queue drops further messages with the same message id. Default null: no duplicate detection.</summary>
    public TimeSpan? DuplicateDetectionWindow { get; init; }

    /// <summary>Maximum time that a message waits to be received. The time to live of a message can be shorter. Default null: unlimited.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>Whether an expired message is dead-lettered. Otherwise it is dropped. Default false.</summary>
    public bool DeadLetterOnExpiration { get; init; }

    /// <summary>Maximum size of one transfer in bytes, including the envelope. Default 256 KB.</summary>
    public int MaxMessageSize { get; init; } = 256 * 1024;
}
