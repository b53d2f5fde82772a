using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Responses;

/// <summary>Creates the messages of the queue <c>clockify-responses</c> from response events.</summary>
internal static class ResponseMessages
{
    /// <summary>The name of an outcome in events, the quarantine and metrics.</summary>
    public static string NameOf(Outcome outcome) => outcome switch
    {
        Outcome.Delivered => "delivered",
        Outcome.Rejected => "rejected",
        Outcome.Failed => "failed",
        _ => "unknown",
    };

    /// <param name="sent">The last request.</param>
    /// <param name="attempts">Tries of the record. Answers 429 are not counted.</param>
    /// <param name="verified">Whether the outcome was verified by reading.</param>
    /// <param name="warnings">The warnings of the rendering.</param>
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

    /// <param name="key">The key of the record. The id of the event consists of the destination and this key.</param>
    public static ServiceBusMessage ToMessage(ResponseEvent.Call call, string key, DateTimeOffset now, TraceContext? trace)
    {
        var response = new ResponseEvent($"{call.Destination}/{key}", $"/destinations/{call.Destination}", $"clockify.call.{call.Outcome}", call.RecordId, now, call) { TraceParent = trace?.Parent, TraceState = trace?.State };
        return ToMessage(response, JsonSerializer.SerializeToUtf8Bytes(response, ResponsesJson.Web.ResponseEvent));
    }

    /// <param name="encoded">An event in the form that the journal contains.</param>
    public static ServiceBusMessage ToMessage(RawJson encoded) => ToMessage(JsonSerializer.Deserialize(encoded.Utf8.Span, ResponsesJson.Web.ResponseEvent)!, encoded.Utf8);

    /// <summary>The name of a change in events.</summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "Events use lower case.")]
    public static string NameOf(string change) => change.ToLowerInvariant();

    /// <param name="id">An id that is equal for equal records.</param>
    public static ServiceBusMessage Unchanged(string destination, string id, DateTimeOffset now, IReadOnlyList<UnchangedEvent.Record> records)
    {
        const string Unchanged = "unchanged";
        var unchanged = new UnchangedEvent($"{destination}/{id}", $"/destinations/{destination}", UnchangedEvent.TypeName, now, new UnchangedEvent.Records(destination, Unchanged, records));
        return new ServiceBusMessage(JsonSerializer.SerializeToUtf8Bytes(unchanged, ResponsesJson.Web.UnchangedEvent))
        {
            MessageId = unchanged.Id,
            ContentType = "application/cloudevents+json",
            ApplicationProperties = { ["destination"] = destination, ["outcome"] = Unchanged },
        };
    }

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
