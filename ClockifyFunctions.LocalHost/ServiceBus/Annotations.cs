using Amqp;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// Message annotations of Service Bus; see
/// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide.
/// </summary>
internal static class Annotations
{
    public static readonly Symbol SequenceNumber = "x-opt-sequence-number";
    public static readonly Symbol EnqueuedTime = "x-opt-enqueued-time";
    public static readonly Symbol LockedUntil = "x-opt-locked-until";
    public static readonly Symbol MessageState = "x-opt-message-state";
    public static readonly Symbol ScheduledEnqueueTime = "x-opt-scheduled-enqueue-time";

    public static DateTimeOffset? ScheduledFor(Message message) =>
        message.MessageAnnotations?.Map.TryGetValue(ScheduledEnqueueTime, out var value) is true && value is DateTime at
            ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc))
            : null;
}
