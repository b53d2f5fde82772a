using ClockifyFunctions.Backlog;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;

namespace ClockifyFunctions.Delivery;

/// <summary>A record between backlog and outcome.</summary>
/// <param name="Place">Its place in the backlog.</param>
/// <param name="OutcomeUnknown">An earlier process may have sent it.</param>
internal sealed record PendingRecord(Lane Lane, BacklogRecord Record, RenderedRequest Request, CursorTracker.Entry Place, bool OutcomeUnknown)
{
    public ResponseEvent.Call ToCall(DeliveryResult delivery) => ToCall(delivery, delivery.Sent ?? Request);

    private ResponseEvent.Call ToCall(DeliveryResult delivery, RenderedRequest sent) => new(
        Lane.Destination.Id, Record.Id, Record.MessageId, delivery.Outcome.ToString().ToLowerInvariant(), delivery.Attempts, delivery.Verified,
        new ResponseEvent.RequestPart(sent.Method.Method, sent.Url.AbsoluteUri, Cut(System.Text.Encoding.UTF8.GetString(sent.Body.Span))),
        new ResponseEvent.ResponsePart(delivery.Result.Status, delivery.Result.ContentType, Cut(delivery.Result.Body), delivery.Result.Error, Math.Round(delivery.Result.Duration.TotalMilliseconds, 1)));

    private static string Cut(string text) => text.Length <= Sending.ClockifyClient.MaxBody ? text : text[..Sending.ClockifyClient.MaxBody];
}
