using System.Text.Json;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Responses;

/// <summary>Response events as messages of the queue <c>clockify-responses</c>.</summary>
internal static class ResponseMessages
{
    /// <summary>As events, the quarantine and metrics name an outcome.</summary>
    public static string NameOf(Outcome outcome) => outcome switch
    {
        Outcome.Delivered => "delivered",
        Outcome.Rejected => "rejected",
        Outcome.Failed => "failed",
        _ => "unknown",
    };

    /// <param name="sent">What was sent last.</param>
    /// <param name="attempts">Calls made for the record, without those that were answered with 429.</param>
    /// <param name="verified">Known by reading instead of by an answer.</param>
    /// <param name="warnings">Of the rendering.</param>
    public static ResponseEvent.Call CallOf(
        string destination, string recordId, string? messageId, Outcome outcome, RenderedRequest sent, CallResult result, int attempts, bool verified, IReadOnlyList<Problem> warnings)
    {
        var request = new Utf8Text(sent.Body).Cut(ResponseEvent.MaxBody, out var requestIsCut);
        var response = result.Body.Cut(ResponseEvent.MaxBody, out var responseIsCut);
        return new ResponseEvent.Call(
            destination, recordId, messageId, NameOf(outcome), attempts, verified,
            new ResponseEvent.RequestPart(sent.Method.Method, sent.Url.AbsoluteUri, request, requestIsCut ? true : null),
            new ResponseEvent.ResponsePart(result.Status, result.ContentType, response, result.Error, Math.Round(result.Duration.TotalMilliseconds, 1), responseIsCut ? true : null),
            warnings.Count > 0 ? warnings : null);
    }

    /// <param name="key">Of the record and its replay: with the destination, the event's id.</param>
    public static ServiceBusMessage ToMessage(ResponseEvent.Call call, string key, DateTimeOffset now, TraceContext? trace)
    {
        var response = new ResponseEvent($"{call.Destination}/{key}", $"/destinations/{call.Destination}", $"clockify.call.{call.Outcome}", call.RecordId, now, call) { TraceParent = trace?.Parent, TraceState = trace?.State };
        return ToMessage(response, JsonSerializer.SerializeToUtf8Bytes(response, ResponsesJson.Web.ResponseEvent));
    }

    /// <param name="encoded">An event, as the journal has it.</param>
    public static ServiceBusMessage ToMessage(RawJson encoded) => ToMessage(JsonSerializer.Deserialize(encoded.Utf8.Span, ResponsesJson.Web.ResponseEvent)!, encoded.Utf8);

    private static ServiceBusMessage ToMessage(ResponseEvent response, ReadOnlyMemory<byte> encoded)
    {
        var message = new ServiceBusMessage(encoded)
        {
            MessageId = response.Id,
            ContentType = "application/cloudevents+json",
            ApplicationProperties = { ["destination"] = response.Data.Destination, ["outcome"] = response.Data.Outcome },
        };
        TraceContext.From(response.TraceParent, response.TraceState)?.AddTo(message.ApplicationProperties);
        return message;
    }
}
