using System.Text.Json;

namespace ClockifyFunctions.Backlog;

/// <summary>One record on its way to Clockify.</summary>
/// <param name="Id">Its identity, the same however often its message is redelivered; see <see cref="RecordIdentity"/>.</param>
/// <param name="MessageId">As the producer set it; null if it set none.</param>
/// <param name="EnqueuedAt">When the queue took the message.</param>
/// <param name="Body">The record itself, a JSON object.</param>
internal sealed record BacklogRecord(string Id, string? MessageId, DateTimeOffset EnqueuedAt, JsonElement Body);
