namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>How one emulated queue behaves. Defaults are those of a queue created in the Azure portal, Standard tier.</summary>
/// <param name="Name">Entity path, without leading slash. Compared without regard to case, as in the service.</param>
/// <param name="LockDuration">Of a message, or of a session where sessions are required. Default 60 s.</param>
/// <param name="MaxDeliveryCount">Deliveries a message may have before it is dead-lettered instead of returned. Default 10.</param>
internal sealed record QueueOptions(string Name, TimeSpan LockDuration, int MaxDeliveryCount = 10)
{
    public QueueOptions(string name)
        : this(name, TimeSpan.FromSeconds(60))
    {
    }

    /// <summary>Messages need a session id, and receivers a session. Default false.</summary>
    public bool RequiresSession { get; init; }

    /// <summary>For how long a message id, once sent, makes further messages with it vanish. Default null: no duplicate detection.</summary>
    public TimeSpan? DuplicateDetectionWindow { get; init; }

    /// <summary>The longest a message may wait to be received; its own time to live may be shorter. Default null: for ever.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>Whether a message that outlives its time is dead-lettered; else it is dropped. Default false.</summary>
    public bool DeadLetterOnExpiration { get; init; }

    /// <summary>Bytes of one transfer, envelope included. Default 256 KB.</summary>
    public int MaxMessageSize { get; init; } = 256 * 1024;
}
