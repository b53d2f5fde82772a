using ClockifyFunctions.Backlog;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Delivery;

/// <summary>A record between backlog and outcome.</summary>
/// <param name="Place">Its place in the backlog.</param>
/// <param name="OutcomeUnknown">An earlier process may have sent it.</param>
internal sealed record PendingRecord(Lane Lane, BacklogRecord Record, RenderedRequest Request, CursorTracker.Entry Place, bool OutcomeUnknown, (DateTimeOffset First, DateTimeOffset Last) Intended)
{
    public ResponseEvent.Call ToCall(DeliveryResult delivery)
    {
        var sent = delivery.Sent ?? Request;
        var request = new Utf8Text(sent.Body).Cut(ResponseEvent.MaxBody, out var requestIsCut);
        var response = delivery.Result.Body.Cut(ResponseEvent.MaxBody, out var responseIsCut);
        return new ResponseEvent.Call(
            Lane.Destination.Id, Record.Id, Record.MessageId, delivery.OutcomeName, delivery.Attempts, delivery.Verified,
            new ResponseEvent.RequestPart(sent.Method.Method, sent.Url.AbsoluteUri, request, requestIsCut ? true : null),
            new ResponseEvent.ResponsePart(
                delivery.Result.Status, delivery.Result.ContentType, response, delivery.Result.Error, Math.Round(delivery.Result.Duration.TotalMilliseconds, 1), responseIsCut ? true : null));
    }
}
