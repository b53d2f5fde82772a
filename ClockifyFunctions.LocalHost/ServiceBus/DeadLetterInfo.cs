using Amqp.Framing;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>Why a receiver dead-letters a message: keys of the rejection's info map, and of the properties it gets.</summary>
internal static class DeadLetterInfo
{
    public const string Reason = "DeadLetterReason";
    public const string Description = "DeadLetterErrorDescription";

    public static string? Read(Error? error, string key)
    {
        // The SDKs disagree on whether the keys are symbols or strings.
        foreach (var (name, value) in error?.Info ?? [])
        {
            if (name.ToString() == key)
                return value as string;
        }
        return null;
    }
}
