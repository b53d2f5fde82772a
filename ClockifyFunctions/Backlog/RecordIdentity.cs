using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace ClockifyFunctions.Backlog;

/// <summary>
/// The identity of a record is the sequence number of its message, which survives redelivery, followed by a hash of message id and enqueued
/// time. The hash is needed because another queue, or a queue that was created again, counts from 1.
/// </summary>
internal static class RecordIdentity
{
    public static string Of(long sequenceNumber, string? messageId, DateTimeOffset enqueuedAt)
    {
        var hash = XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{messageId}|{enqueuedAt.UtcTicks}")));
        return string.Create(CultureInfo.InvariantCulture, $"{sequenceNumber}-{hash:x8}");
    }
}
