using System.Text;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;

namespace ClockifyFunctions.Delivery;

/// <summary>A record between backlog and outcome.</summary>
/// <param name="Place">Its place in the backlog.</param>
/// <param name="OutcomeUnknown">An earlier process may have sent it.</param>
internal sealed record PendingRecord(Lane Lane, BacklogRecord Record, RenderedRequest Request, CursorTracker.Entry Place, bool OutcomeUnknown, (DateTimeOffset First, DateTimeOffset Last) Intended)
{
    public ResponseEvent.Call ToCall(DeliveryResult delivery)
    {
        var sent = delivery.Sent ?? Request;
        var (request, requestCut) = Cut(Encoding.UTF8.GetString(sent.Body.Span));
        var (response, responseCut) = Cut(delivery.Result.Body);
        return new ResponseEvent.Call(
            Lane.Destination.Id, Record.Id, Record.MessageId, delivery.OutcomeName, delivery.Attempts, delivery.Verified,
            new ResponseEvent.RequestPart(sent.Method.Method, sent.Url.AbsoluteUri, request, requestCut),
            new ResponseEvent.ResponsePart(
                delivery.Result.Status, delivery.Result.ContentType, response, delivery.Result.Error, Math.Round(delivery.Result.Duration.TotalMilliseconds, 1), responseCut));
    }

    private static (string Text, bool? Truncated) Cut(string text) =>
        text.Length <= ResponseEvent.MaxBody ? (text, null) : (text[..(char.IsHighSurrogate(text[ResponseEvent.MaxBody - 1]) ? ResponseEvent.MaxBody - 1 : ResponseEvent.MaxBody)], true);
}
