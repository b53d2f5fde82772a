using Azure;
using Azure.Identity;

namespace ClockifyFunctions.Storage;

/// <summary>
/// An error of the app that affects one message or record only. Errors that affect all of them are excluded: unavailable storage or identity provider,
/// cancellation, and lack of memory. The app quarantines the affected record instead of failing on it repeatedly.
/// </summary>
internal static class OwnFault
{
    public static bool Is(Exception fault) =>
        fault is not (RequestFailedException or AggregateException or AuthenticationFailedException or OperationCanceledException or OutOfMemoryException or TypeInitializationException);

    /// <summary>The reason for the quarantine entry, without a full stop.</summary>
    public static string Reason(Exception fault) => $"the app failed to process this record ({fault.GetType().Name}: {fault.Message}); report the error, and replay the record after it is fixed";
}
