using Amqp.Framing;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>The reason why a receiver dead-letters a message: keys in the info map of the rejection and in the properties of the message.</summary>
internal static class DeadLetterInfo
{
    public const string Reason = "DeadLetterReason";
    public const string Description = "DeadLetterErrorDescription";

    public static string? Read(Error? error, string key)
    {
        // Some SDKs send the keys as symbols, others as strings.
        foreach (var (name, value) in error?.Info ?? [])
        {
            if (name.ToString() == key)
                return value as string;
        }
        return null;
    }
}
