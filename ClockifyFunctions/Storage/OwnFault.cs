using Azure;
using Azure.Identity;

namespace ClockifyFunctions.Storage;

/// <summary>
/// An error of ours with one message or record, as against what befalls all of them: storage or identity that is away, an end that was
/// asked for, memory that is out. It is no reason to stop at that one again and again.
/// </summary>
internal static class OwnFault
{
    public static bool Is(Exception fault) =>
        fault is not (RequestFailedException or AggregateException or AuthenticationFailedException or OperationCanceledException or OutOfMemoryException or TypeInitializationException);

    /// <summary>For the person who finds it in the quarantine; without a full stop.</summary>
    public static string Reason(Exception fault) => $"the app failed at this record ({fault.GetType().Name}: {fault.Message}); report it, and replay the record when that is mended";
}
