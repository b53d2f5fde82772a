using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace ClockifyFunctions.Backlog;

/// <summary>
/// The identity of a record is its message's sequence number, which survives redelivery. A hash of message id and enqueued
/// time follows, because another queue, or the same name created anew, counts from 1 again.
/// </summary>
internal static class RecordIdentity
{
    public static string Of(long sequenceNumber, string? messageId, DateTimeOffset enqueuedAt)
    {
        var hash = XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{messageId}|{enqueuedAt.UtcTicks}")));
        return string.Create(CultureInfo.InvariantCulture, $"{sequenceNumber}-{hash:x8}");
    }
}
